"""Outages as the desk sees them, and the network to pick from."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import Http404

from customers.models import Feeder, Transformer
from outages.choices import OF_ONE, State
from outages.models import Outage
from outages.policies import can_read
from staff.models import Member
from staff.selectors import scope_of

COULD_BE_ONE = timedelta(hours=2)


def visible_to(actor: Member) -> QuerySet[Outage]:
    """Outages ``actor`` may see; those of one customer only within the units reached."""
    if not can_read(actor):
        return Outage.objects.none()
    return Outage.objects.exclude(~Q(unit_id__in=scope_of(actor).unit_ids()), kind__in=OF_ONE)


SHOWN = (
    "unit", "feeder", "written_by", "late_allowed_by",
    "news_order__next_clock__rule", "written_order__next_clock__rule",
)  # fmt: skip


def get_outage_for(actor: Member, code: str) -> Outage:
    """One outage. Raises: Http404 when it is not there or not theirs to see."""
    outage = visible_to(actor).select_related(*SHOWN).filter(code=code).first()
    if outage is None:
        raise Http404(code)
    return outage


def could_be_one(outage: Outage) -> list[Outage]:
    """Other outages of the same feeder that began, or are to begin, within two hours of this one and are not over."""
    if outage.feeder_id is None or outage.starts is None:
        return []
    near = (outage.starts - COULD_BE_ONE, outage.starts + COULD_BE_ONE)
    others = Outage.objects.filter(feeder=outage.feeder_id).select_related("feeder")
    others = others.exclude(Q(pk=outage.pk) | Q(state=State.CANCELLED))
    return list(others.filter(Q(began_at__range=near) | Q(began_at__isnull=True, starts_at__range=near))[:5])


@dataclass(frozen=True)
class Branch:
    """A feeder with what hangs on it."""

    feeder: Feeder
    transformers: list[Transformer]


def network() -> list[Branch]:
    """The feeders with their transformers, to pick from; two queries."""
    boxes: dict[int, list[Transformer]] = {}
    for box in Transformer.objects.only("code", "name", "feeder_id").order_by("code"):
        boxes.setdefault(box.feeder_id, []).append(box)
    return [Branch(feeder, boxes.get(feeder.pk, [])) for feeder in Feeder.objects.order_by("code")]
