"""Reads of the outages room: what is off, what is to come, whom it touches."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import Http404

from customers.models import Area, Feeder, SupplyPoint, Transformer
from notifications.choices import MessageState
from outages.choices import OF_ONE, TOLD, State
from outages.models import Affected, Notice, Outage, OutageStep
from outages.policies import can_read
from staff.models import Member
from staff.selectors import scope_of

COULD_BE_ONE = timedelta(hours=2)
LATELY = timedelta(hours=24)
PRESENT = F("version__outage__version")  # of the versions of an outage, the one that holds now


# ── for the desk ────────────────────────────────────────────────────────


def visible_to(actor: Member) -> QuerySet[Outage]:
    """Outages ``actor`` may see; those of one customer only within the units reached."""
    if not can_read(actor):
        return Outage.objects.none()
    return Outage.objects.exclude(~Q(unit_id__in=scope_of(actor).unit_ids()), kind__in=OF_ONE)


def get_outage_for(actor: Member, code: str) -> Outage:
    """One outage. Raises: Http404 when it is not there or not theirs to see."""
    outage = (
        visible_to(actor).select_related("unit", "feeder", "written_by", "late_allowed_by").filter(code=code).first()
    )
    if outage is None:
        raise Http404(code)
    return outage


def could_be_one(outage: Outage) -> list[Outage]:
    """Other outages of the same feeder that began, or are to begin, within two hours of this one and are not over."""
    if outage.feeder_id is None or outage.starts is None:
        return []
    near = (outage.starts - COULD_BE_ONE, outage.starts + COULD_BE_ONE)
    others = Outage.objects.filter(feeder=outage.feeder_id).exclude(pk=outage.pk).exclude(state=State.CANCELLED)
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


# ── for everybody ───────────────────────────────────────────────────────


def public() -> QuerySet[Outage]:
    """What pages without login may show."""
    return Outage.objects.filter(state__in=TOLD).exclude(kind__in=OF_ONE)


def off_now() -> QuerySet[Outage]:
    """Where the power is off, the latest first."""
    return public().filter(state=State.UNDER_WAY).order_by("-began_at")


def to_come(now: datetime) -> QuerySet[Outage]:
    """Announced and put off, the next first; those without a new time come last."""
    soon = Q(ends_at__gt=now) | Q(starts_at__isnull=True)
    waiting = public().filter(soon, state__in=[State.PUBLISHED, State.POSTPONED])
    return waiting.order_by(F("starts_at").asc(nulls_last=True), "id")


def back_lately(now: datetime) -> QuerySet[Outage]:
    """Where the power came back within a day, the latest first."""
    return public().filter(restored_at__gte=now - LATELY).order_by("-restored_at")


def areas_of(outages: Iterable[Outage]) -> dict[int, set[int]]:
    """The areas each outage takes in at its present version; two queries."""
    rows = Affected.objects.filter(version__outage__in=[o.pk for o in outages], version__number=PRESENT)
    found = list(rows.values_list("version__outage_id", "transformer_id").distinct())
    area_of = dict(Transformer.objects.filter(pk__in={box for _o, box in found}).values_list("pk", "area_id"))
    areas: dict[int, set[int]] = {}
    for outage_id, box in found:
        if box in area_of:
            areas.setdefault(outage_id, set()).add(area_of[box])
    return areas


def outlined_areas() -> list[Area]:
    """The areas that a map can draw; districts are drawn by their parts."""
    return list(Area.objects.filter(boundary__isnull=False, parts__isnull=True).order_by("code"))


# ── whom it touches ─────────────────────────────────────────────────────

KNOWN = (State.UNDER_WAY, State.PUBLISHED)


def touching(points: Iterable[SupplyPoint], now: datetime) -> dict[int, Outage]:
    """The outage that each of these supply points is, or will be, in; what is off before what is to come. Two queries.

    A part that has power again is out of it.
    """
    ids = [point.pk for point in points]
    rows = list(
        Affected.objects.filter(
            supply_point__in=ids, version__outage__state__in=KNOWN, version__number=PRESENT
        ).select_related("version__outage__feeder")
    )
    if not rows:
        return {}
    back = _back([row.version.outage for row in rows])
    found: dict[int, Outage] = {}
    for row in rows:
        outage, other = row.version.outage, found.get(row.supply_point_id)
        if row.transformer_id in back.get(outage.pk, ()) or (
            outage.ends_at and outage.ends_at < now and not outage.is_off
        ):
            continue
        if other is None or (outage.is_off and not other.is_off):
            found[row.supply_point_id] = outage
    return found


def _back(outages: Iterable[Outage]) -> dict[int, set[int]]:
    """The transformers of outages under way that have power again."""
    off = {outage.pk for outage in outages if outage.is_off}
    back: dict[int, set[int]] = {}
    for outage_id, boxes in OutageStep.objects.filter(outage__in=off, restored_at__isnull=False).values_list(
        "outage_id", "transformers"
    ):
        back.setdefault(outage_id, set()).update(boxes)
    return back


# ── how far the telling has got ─────────────────────────────────────────

FARES = """
SELECT split_part(dedupe_key, ':', 2)::bigint, state, count(*) FROM notifications_message
WHERE about = %s AND dedupe_key LIKE 'outage:%%' GROUP BY 1, 2
"""


@dataclass(frozen=True)
class NoticeFare:
    """A notice and how its messages fare."""

    notice: Notice
    sent: int
    waiting: int
    failed: int
    withheld: int


def notice_fares(outage: Outage) -> list[NoticeFare]:
    """Every notice of an outage, the newest first; two queries."""
    notices = list(outage.notices.all())
    if not notices:
        return []
    states: dict[int, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FARES, [outage.code])
        for notice_id, state, number in cursor.fetchall():
            states.setdefault(notice_id, Counter())[state] = number
    return [_fare(notice, states.get(notice.pk, Counter())) for notice in notices]


def _fare(notice: Notice, states: "Counter[str]") -> NoticeFare:
    waiting = states[MessageState.QUEUED] + states[MessageState.IN_FLIGHT] + states[MessageState.RETRY]
    return NoticeFare(
        notice, states[MessageState.SENT], waiting, states[MessageState.FAILED], states[MessageState.WITHHELD]
    )
