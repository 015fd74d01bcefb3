"""What everybody may know: what is off, what is to come, what is back; the areas, the words that were told."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from customers.models import Area, Transformer
from outages.choices import OF_ONE, State, Verb
from outages.models import Outage, OutageEvent, OutageVersion

LATELY = timedelta(hours=24)
CHANGES = "SELECT count(*), max(changed_at) FROM outages_outage WHERE changed_at >= %s"
JUST_NOW = timedelta(minutes=5)  # no change takes longer to be committed
PRESENT = F("version__outage__version")  # of the versions of an outage, the one that holds now


def public() -> QuerySet[Outage]:
    """What pages without login may show."""
    return ever_told().exclude(state=State.CANCELLED)


def ever_told() -> QuerySet[Outage]:
    """What people were told of, called off or not; one customer's own matter is nobody else's."""
    return Outage.objects.filter(published_at__isnull=False).exclude(kind__in=OF_ONE)


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


def ahead_with_called_off(now: datetime) -> QuerySet[Outage]:
    """Announced ones whose window is not past, with those that were called off after they were told."""
    return ever_told().filter(ends_at__gt=now).select_related("feeder").order_by("starts_at", "id")


def public_one(code: str) -> Outage | None:
    """An outage for everybody who has its address; one that was told and called off stays readable."""
    return ever_told().filter(code=code).select_related("feeder").first()


def get_area(code: str) -> Area:
    """An area by its code. Raises: Http404 when there is none."""
    return get_object_or_404(Area, code=code)


def change_mark(now: datetime) -> str:
    """Another one whenever anything about any outage has changed, and with every minute; one small query.

    The count tells of a change that was begun before the latest one and committed after it. Asked at every look at a
    public page, so it is said in SQL: half of its time went into building it.
    """
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, [minute - JUST_NOW])
        number, latest = cursor.fetchone()
    return f"{minute:%d%H%M}-{number}-{latest:%d%H%M%S%f}" if latest else f"{minute:%d%H%M}-0"


def in_area(outages: QuerySet[Outage], area: Area) -> QuerySet[Outage]:
    """Those that take in something of the area, or of its parts."""
    boxes = Transformer.objects.filter(Q(area=area) | Q(area__parent=area)).values_list("pk", flat=True)
    here = OutageVersion.objects.filter(
        outage=OuterRef("pk"), number=OuterRef("version"), boxes__overlap=list(boxes) or [0]
    )  # fmt: skip
    return outages.filter(Exists(here))


STORY = (
    Verb.PUBLISH,
    Verb.BEGIN,
    Verb.ESTIMATE,
    Verb.RESTORE_PART,
    Verb.RESTORE,
    Verb.POSTPONE,
    Verb.CANCEL,
    Verb.EDIT,
)


def told_events(outages: Iterable[Outage]) -> dict[int, list[OutageEvent]]:
    """What people were told of each, the first word first; nothing of the time before they were told. One query."""
    since = {outage.pk: outage.published_at for outage in outages if outage.published_at}
    told: dict[int, list[OutageEvent]] = {}
    for event in OutageEvent.objects.filter(outage__in=since, verb__in=STORY).order_by("recorded_at", "id"):
        is_ours = event.verb == Verb.EDIT and not event.data.get("told")  # the record was filled in
        if event.recorded_at >= since[event.outage_id] and not is_ours:
            told.setdefault(event.outage_id, []).append(event)
    return told


# What an outage takes in now: of one under way, the parts that are still off.
HERE = """
FROM outages_outage o
LEFT JOIN outages_outageversion v ON v.outage_id = o.id AND v.number = o.version
LEFT JOIN outages_outagestep s ON s.outage_id = o.id AND s.restored_at IS NULL
CROSS JOIN LATERAL unnest(CASE WHEN o.state = 'under_way' THEN s.transformers ELSE v.boxes END) AS box(id)
JOIN customers_transformer t ON t.id = box.id
"""
AREAS = f"SELECT DISTINCT o.id, t.area_id {HERE} WHERE o.id = ANY(%s)"  # noqa: S608
MAP = f"""
SELECT DISTINCT ON (t.area_id) t.area_id, o.state, o.code {HERE}
WHERE NOT o.kind = ANY(%(of_one)s)
    AND (o.state = 'under_way' OR o.state IN ('published', 'postponed') AND o.ends_at > %(now)s)
ORDER BY t.area_id, o.state = 'under_way' DESC, o.id DESC
"""  # noqa: S608


def map_looks(now: datetime) -> dict[int, tuple[str, str]]:
    """How a map draws each area that is not calm, and the outage it leads to; what is off covers what is to come."""
    with connection.cursor() as cursor:
        cursor.execute(MAP, {"of_one": sorted(OF_ONE), "now": now})
        return {
            area: ("off" if state == State.UNDER_WAY else "planned", code) for area, state, code in cursor.fetchall()
        }


def areas_of(outages: Iterable[Outage]) -> dict[int, set[int]]:
    """The areas each outage takes in; of one under way, those where something is still off. One query."""
    ids = [outage.pk for outage in outages]
    areas: dict[int, set[int]] = {}
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(AREAS, [ids])
            for outage_id, area_id in cursor.fetchall():
                areas.setdefault(outage_id, set()).add(area_id)
    return areas


def outlined_areas() -> list[Area]:
    """The areas that a map can draw; districts are drawn by their parts."""
    return list(Area.objects.filter(boundary__isnull=False, parts__isnull=True).order_by("code"))
