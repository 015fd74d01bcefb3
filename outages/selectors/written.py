"""Written notices as pages show them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from customers.selectors import visible_to as customers_visible_to
from outages.models import Outage, WrittenNotice
from outages.selectors.desk import get_outage_for
from staff.models import Member, Unit


@dataclass(frozen=True)
class WrittenCount:
    """How many are owed what was told last in writing, and how many have signed."""

    owed: int
    taken: int
    gone_to: int  # somebody was sent because nobody had signed in time

    @property
    def missing(self) -> int:
        return self.owed - self.taken


def written_of(outage: Outage, actor: Member) -> QuerySet[WrittenNotice]:
    """Those that are owed now, as far as this person may open their files; who has not signed comes first."""
    rows = outage.written.filter(is_open=True, customer__in=customers_visible_to(actor))
    rows = rows.select_related("customer", "supply_point", "rule", "handed_by", "order")
    return rows.order_by(F("handed_at").asc(nulls_first=True), "id")


def written_count(outage: Outage) -> WrittenCount:
    """One query."""
    counts = outage.written.filter(is_open=True).aggregate(
        owed=Count("pk"), taken=Count("pk", Q(handed_at__isnull=False)), gone_to=Count("order")
    )
    return WrittenCount(**counts)


def get_written_for(actor: Member, code: str, account: str) -> WrittenNotice:
    """One notice that is owed. Raises: Http404 when it is not there or not theirs to see."""
    notice = written_of(get_outage_for(actor, code), actor).filter(customer__account_no=account).first()
    if notice is None:
        raise Http404(account)
    return notice


def station_of(notice: WrittenNotice) -> Unit | None:
    """Whose people go there."""
    return notice.supply_point.transformer.area.station


def goers(notice: WrittenNotice) -> list[Unit]:
    """The station of the place, and the unit that was given the order to go there."""
    sent = notice.order.unit if notice.order else None
    return [unit for unit in (station_of(notice), sent) if unit]


def get_proof_for(actor: Member, code: str, proof_id: UUID) -> WrittenNotice:
    """A receipt with its picture, also of an earlier version. Raises: Http404."""
    rows = get_outage_for(actor, code).written.filter(customer__in=customers_visible_to(actor))
    rows = rows.select_related("customer").exclude(proof="")
    notice = rows.filter(proof_id=proof_id).first()
    if notice is None:
        raise Http404(str(proof_id))
    return notice
