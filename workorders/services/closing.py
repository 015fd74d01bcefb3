"""The closing loop: answer, call back, close. Close only with an answer and a call-back (req 30)."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import Refusal
from workorders.callbacks import Try, is_called_back, tried_enough
from workorders.choices import AnswerWay, CallBackResult, Channel, State, Verb
from workorders.kinds import KINDS
from workorders.models import CallBack
from workorders.reasons import answer_way
from workorders.services import telling
from workorders.services.change import Change, act
from workorders.services.clocks import needs_call_back


@act(Verb.ANSWER)
def answer(
    change: Change, *, text: str, channel: AnswerWay | Channel = AnswerWay.PHONE, at: datetime | None = None
) -> None:
    """Tell the customer the outcome. From “received” it is a first-contact resolution: asked and answered in one go.

    ``channel`` is the way of telling, or where the customer came to us when they were answered there and then.
    """
    change.happened(at)
    if not text.strip():
        raise Refusal(_("Write what the customer was told."), field="text")
    if change.order.state == State.RECEIVED:
        change.set(is_first_contact=True, result=text.strip())
    change.text = text.strip()
    change.data["way"] = answer_way(channel).value
    change.is_public = True


@act(Verb.CALL_BACK)
def call_back(change: Change, *, result: CallBackResult, remark: str = "", at: datetime | None = None) -> Verb | None:
    """Ask the customer after the work; a customer who was not reached is tried again."""
    change.happened(at)
    result = CallBackResult(result)
    if result == CallBackResult.DISSATISFIED and not remark.strip():
        raise Refusal(_("Write what the customer is not satisfied with."), field="remark")
    CallBack.objects.create(
        order=change.order,
        generation=change.order.generation,
        result=result,
        remark=remark.strip(),
        caller=change.actor,
        called_at=change.at,
    )
    change.text = remark.strip()
    change.data["result"] = result.value
    if result == CallBackResult.DISSATISFIED:
        change.tell(telling.dissatisfied(change))
    if result == CallBackResult.NOT_REACHED and not tried_enough(_tries(change.order)):
        return Verb.CALL_TRIED
    return None


@act(Verb.CLOSE)
def close(change: Change) -> None:
    """File the order. Raises: `Refusal` naming what the closing loop still asks for."""
    missing = missing_before_close(change.order)
    if missing:
        raise Refusal(missing)
    change.is_public = True


def missing_before_close(order) -> str:
    """What still stands between an order and its file; empty when nothing does."""
    if KINDS[order.kind].needs_answer and order.state != State.ANSWERED:
        return _("The customer has not been answered yet.")
    if needs_call_back(order) and not is_called_back(_tries(order)):
        return _("Nobody has called the customer back yet.")
    return ""


def _tries(order) -> list[Try]:
    rows = CallBack.objects.filter(order=order, generation=order.generation)
    return list(rows.values_list("result", "called_at"))
