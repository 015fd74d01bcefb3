"""Power cuts in the city: faults somebody confirms and crews mend, works that are announced and take place.

Each cut is a small play: it does something through the services whenever it is its turn, and says when it wants to go
on. What was going on before a run began is brought to its end.
"""

from collections.abc import Generator
from datetime import datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime
from PIL import Image, ImageDraw

from common.errors import Refusal
from customers.models import Transformer
from outages.choices import Cause, Kind, State
from outages.models import Outage
from outages.services.announcing import publish
from outages.services.restoring import begin, estimate, restore, restore_part, review
from outages.services.telling import spread_waiting
from outages.services.writing import Scope, Writing, approve, check, draft, edit
from outages.services.written import hand_over
from simulation.cast import Cast
from simulation.city import units
from simulation.plots import minutes
from staff.choices import Role
from staff.models import Member

Play = Generator[datetime, datetime, None]  # yields when it wants to go on, is sent the instant it is
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JUST_NOW = timedelta(minutes=50)  # a city that is looked at has a cut going on
WORKS_EVERY, WORKS_AHEAD = 4, 9  # days
WHY = (
    (Cause.CABLE, "电缆坏了，要换一段", "环网柜电缆头"),
    (Cause.EQUIPMENT, "变压器保险坏了", "跌落式熔断器"),
    (Cause.TREE, "树枝碰到了线路", "架空线"),
    (Cause.DAMAGE, "施工挖断了电缆", "电缆"),
    (Cause.OVERLOAD, "用电太多，开关跳了", "低压总开关"),
)
WORKS = ("换变压器", "线路检修", "改造低压线路")


@lru_cache(maxsize=1)
def signed_slip() -> bytes:
    """A picture of a paper with a signature, as PNG."""
    paper = Image.new("RGB", (420, 300), "white")
    pen = ImageDraw.Draw(paper)
    for y in (60, 90, 120, 150):
        pen.line((40, y, 380, y), fill="#b0b0b0")
    pen.line([(60 + 12 * n, 230 + (-1) ** n * (8 + n)) for n in range(14)], fill="#203060", width=3)
    out = BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


class PowerCuts:
    """The cuts of one run, each known by a number."""

    def __init__(self, cast: Cast, *, seed: int, start: datetime, until: datetime) -> None:
        self.cast, self.seed, self.start, self.until = cast, seed, start, until
        self.plays: dict[str, Play] = {}
        self.network: dict[tuple[int, int], list[Transformer]] = {}
        for box in Transformer.objects.select_related("area__station", "feeder").order_by("code"):
            self.network.setdefault((box.feeder_id, box.area_id), []).append(box)

    def coming(self) -> list[tuple[datetime, str]]:
        """When each cut of this run begins, and its number; those that go on already first."""
        found = [self._add(self._ending(outage)) for outage in Outage.objects.filter(state=State.UNDER_WAY)]
        found += [self._add(self._works(outage)) for outage in Outage.objects.filter(state=State.PUBLISHED)]
        if not self.network:
            return found
        day = localtime(self.start).replace(hour=0, minute=0, second=0, microsecond=0)
        while day < self.until:
            rng = Random(f"{self.seed} cuts {day:%Y-%m-%d}")
            for _ in range(rng.choices((0, 1, 2), (50, 38, 12))[0]):
                found.append(self._add(self._fault(rng, day + timedelta(minutes=rng.uniform(6.5 * 60, 22.5 * 60)))))
            if day.toordinal() % WORKS_EVERY == 0:
                found.append(self._add(self._planned(rng, day + timedelta(hours=9.5))))
            day += DAY
        rng = Random(f"{self.seed} cuts {self.until.isoformat()}")
        found.append(self._add(self._fault(rng, self.until - JUST_NOW, at_least=3 * HOUR)))
        return [(at, key) for at, key in found if self.start <= at <= self.until]

    def happen(self, key: str, now: datetime) -> datetime | None:
        """The next thing in this cut; returns when it goes on, None when it is over or was refused."""
        try:
            at = self.plays[key].send(now)
        except (StopIteration, Refusal):
            at = None
        spread_waiting(now=now)
        return at

    def _add(self, play: Play) -> tuple[datetime, str]:
        key = str(len(self.plays))
        self.plays[key] = play
        return next(play), key

    # ── plays ──

    def _fault(self, rng: Random, at: datetime, at_least: timedelta = timedelta()) -> Play:
        now = yield at
        cause, reason, equipment = rng.choice(WHY)
        boxes = rng.choice(sorted(self.network.items()))[1]
        outage = self._write(Kind.FAULT, boxes, "正在查原因", now)
        lasts = max(minutes(rng, 35, 200, 80), at_least)
        knows = rng.random() < 0.7
        told = {"expected_at": now + lasts * 0.8} if knows else {"next_news_at": now + minutes(rng, 25, 45)}
        self._do(begin, outage, now, at=now - minutes(rng, 2, 9), **told)
        now = yield now + lasts * 0.4
        self._do(estimate, outage, now, reason=reason, expected_at=at + lasts + minutes(rng, 5, 25))
        if len(boxes) > 2 and rng.random() < 0.4:
            now = yield now + lasts * 0.3
            self._do(restore_part, outage, now, transformers=[box.pk for box in boxes[: len(boxes) // 2]])
        now = yield at + lasts
        self._do(restore, outage, now)
        yield from self._afterwards(outage, now, cause, equipment)

    def _afterwards(self, outage: Outage, now: datetime, cause: str, equipment: str) -> Play:
        """The record is filled in, and looked at by a supervisor some days later."""
        now = yield now + 2 * HOUR
        scope = Scope(transformers=frozenset(outage.picks.values_list("transformer_id", flat=True)))
        self._do(edit, outage, now, writing=Writing({"cause": cause, "equipment": equipment}, scope))
        now = yield now + 3 * DAY
        self._do(review, outage, now, by=Role.SUPERVISOR, text="已按规定处理，列入设备台账")

    def _planned(self, rng: Random, at: datetime) -> Play:
        now = yield at
        day = localtime(now).date() + WORKS_AHEAD * DAY
        starts = datetime.combine(day, time(8, 30), tzinfo=localtime(now).tzinfo)
        window = {"starts_at": starts, "ends_at": starts + rng.choice((4, 6, 8)) * HOUR, "cause": Cause.WORK}
        outage = self._write(
            Kind.PLANNED, rng.choice(sorted(self.network.items()))[1], rng.choice(WORKS), now, **window
        )
        now = yield now + minutes(rng, 20, 60)
        self._do(check, outage, now, by=Role.DISPATCH_SUPERVISOR)
        now = yield now + minutes(rng, 20, 90)
        self._do(approve, outage, now, by=Role.MANAGER)
        now = yield now + minutes(rng, 10, 60)
        self._do(publish, outage, now)
        yield from self._works(outage)

    def _works(self, outage: Outage) -> Play:
        """An announced outage takes place, and is over a little early."""
        outage.refresh_from_db()
        if outage.written.filter(is_open=True, handed_at=None).exists():
            now = yield max(self.start, (outage.published_at or self.start) + DAY)
            self._hand_over(outage, now)
        now = yield outage.starts_at or self.until
        self._do(begin, outage, now)
        now = yield (outage.ends_at or now) - timedelta(minutes=20)
        self._do(restore, outage, now)

    def _hand_over(self, outage: Outage, now: datetime) -> None:
        """Whoever must be told in writing signs for it."""
        for account in outage.written.filter(is_open=True, handed_at=None).values_list(
            "customer__account_no", flat=True
        ):
            hand_over(
                code=outage.code, account=account, actor=self._who(Role.DISPATCHER, now), now=now,
                taken_by="值班室", proof=SimpleUploadedFile("签收单.png", signed_slip(), "image/png"),
            )  # fmt: skip

    def _ending(self, outage: Outage) -> Play:
        """What was dark when the run began is mended."""
        rng = Random(f"{self.seed} {outage.code}")
        now = yield max(self.start, (outage.expected_at or self.start) - timedelta(minutes=10)) + minutes(rng, 1, 20)
        self._do(restore, outage, now)
        cause, _reason, equipment = rng.choice(WHY)
        if outage.kind == Kind.FAULT:
            yield from self._afterwards(outage, now, cause, equipment)

    # ── who does it ──

    def _write(self, kind: Kind, boxes: list[Transformer], reason: str, now: datetime, **facts: object) -> Outage:
        area = boxes[0].area
        facts = {"kind": kind, "unit": area.station, "feeder": boxes[0].feeder, "place": f"{area.name}一带", **facts}
        scope = Scope(transformers=frozenset(box.pk for box in boxes))
        writing = Writing({**facts, "reason": reason}, scope)
        return draft(writing=writing, actor=self._who(Role.DISPATCHER, now), now=now, request_id=None)

    def _do(self, act, outage: Outage, now: datetime, *, by: Role = Role.DISPATCHER, **own: object) -> None:
        act(code=outage.code, actor=self._who(by, now), now=now, request_id=None, **own)

    def _who(self, role: Role, now: datetime) -> Member:
        people = self.cast.on(role, now, units.CENTRE)
        if not people:
            raise Refusal(f"nobody is there as {role}")
        return people[0]
