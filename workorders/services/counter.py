"""What one press of “save” at the counter does, whole or not at all."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from staff.models import Member
from workorders.choices import State, Verb
from workorders.models import WorkOrder
from workorders.services.closing import answer
from workorders.services.drafts import drop_draft
from workorders.services.intake import Intake, receive


@transaction.atomic
def take_down(*, intake: Intake, told: str, draft_at: str, actor: Member, now: datetime, request_id: UUID) -> WorkOrder:
    """Receive an order, answer it at once when the customer was told something (``told``), and let its draft go.

    Raises: `Denied`; `Refusal`. Idempotent: by ``request_id``; a double click asks and answers once.
    """
    order = receive(intake=intake, actor=actor, now=now, request_id=request_id)
    if told.strip() and order.state == State.RECEIVED:
        once = uuid5(request_id, Verb.ANSWER)  # a question is answered where it was asked
        who = {"code": order.code, "actor": actor, "now": now, "request_id": once}
        order = answer(**who, text=told.strip(), channel=intake.channel)
    drop_draft(member=actor, place=draft_at)
    return order
