"""The driver: a heap of moments to come, and a city that lives through them one after another.

The sweep and the sender run in simulated time, as they would every few seconds: warnings, breaches, escalations and
messages come when they come. Everything is done by the services; here is only the order of things.
"""

import heapq
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.db.models import Max
from django.utils.timezone import localtime

from common.access import Denied
from common.calendars import company_calendar
from common.errors import Refusal
from notifications.choices import Channel
from notifications.models import Message
from notifications.services.reading import mark_all_read
from notifications.services.sender import send_due
from simulation.arrivals import Arrival
from simulation.callers import Callers
from simulation.cast import Cast
from simulation.outages import PowerCuts
from simulation.plots import MOST_LATE, QUOTA, Pace, minutes, next_verb
from simulation.stage import Stage
from simulation.story import Story, revive, tell
from workorders.choices import State, Verb
from workorders.models import WorkOrder
from workorders.services.sweep import sweep

log = logging.getLogger(__name__)
V = Verb
CUT = "power_cut"  # a moment of simulation.outages, beside the acts on orders
TICK = timedelta(seconds=15)  # how often the sweep looks
# How long messages may lie before they go out, by how long before the end: seconds matter only to who looks closely.
PATIENCE = ((timedelta(hours=8), timedelta()), (timedelta(days=3), timedelta(minutes=10)))
LONG_AGO = timedelta(hours=1)
EVENING = timedelta(hours=6)  # before midnight: by then the day's messages have been read
JUST_NOW = timedelta(minutes=75)  # what came in since is still unread when somebody looks
WITHDRAWABLE = (State.RECEIVED, State.DISPATCHED, State.ACCEPTED)


@dataclass(order=True)
class Moment:
    """Something that will happen; ``serial`` voids main steps that were planned anew."""

    at: datetime
    number: int
    code: str = field(compare=False)
    verb: str = field(compare=False)
    serial: int = field(compare=False, default=-1)
    arrival: Arrival | None = field(compare=False, default=None)


class Clockwork:
    """Lives from ``start`` to ``until``. ``say`` gets a line a day."""

    def __init__(self, cast: Cast, pace: Pace, *, seed: int, start: datetime, until: datetime) -> None:
        self.cast, self.pace, self.seed = cast, pace, seed
        self.now, self.until = start, until
        rng = Random(f"{seed} {start.isoformat()} {until.isoformat()}")
        self.stage, self.callers = Stage(cast, rng), Callers(cast, rng)
        self.heap: list[Moment] = []
        self.stories: dict[str, Story] = {}
        self.counts: Counter = Counter()
        self.readers = {member.pk: member for member in cast.members.values()}
        self.cuts = PowerCuts(cast, seed=seed, start=start, until=until)
        self.sent_at = start
        self.unsent = True

    def expect(self, arrivals: list[Arrival]) -> None:
        """These will turn up."""
        for arrival in arrivals:
            self._push(arrival.at, "", V.RECEIVE, arrival=arrival)

    def take_over(self) -> None:
        """Go on with whatever is open, from its state."""
        orders = WorkOrder.objects.filter(closed_at__isnull=True).select_related(
            "unit", "assignee", "promise_clock", "customer"
        )
        for story in revive(orders.order_by("id"), self.seed, self.now):
            self.stories[story.code] = story
            self._plan(story)
        for order in orders:
            self.stage.takes(order)
        for at, key in self.cuts.coming():
            self._push(at, key, CUT)

    def run(self, say: Callable[["Clockwork"], None]) -> None:
        """Live. ``say`` is called at each midnight and at the end."""
        midnight = next_midnight(self.now)
        while self.heap and self.heap[0].at <= self.until:
            moment = heapq.heappop(self.heap)
            while moment.at >= midnight:
                self._pass_time(midnight)
                self._read_messages(midnight - EVENING)
                say(self)
                midnight += timedelta(days=1)
            self._pass_time(moment.at)
            self._happen(moment)
        self._pass_time(self.until)
        self._read_messages(self.until - JUST_NOW)
        sweep(now=self.until)
        send_due(now=self.until)
        say(self)

    # ── time ──

    def _pass_time(self, to: datetime) -> None:
        """Let clocks fire and messages go out on the way to ``to``."""
        while True:
            due = next_rung()
            if due is None or due > to:
                break
            self._send(due)
            self.now = max(self.now, min(to, due + TICK * 0.6))
            self.counts["alarms"] += sweep(now=self.now)
            self.unsent = True
        self._send(to)
        self.now = to

    def _send(self, to: datetime) -> None:
        """What was written goes out seconds later; long before the end, where nobody looks closely, a while later."""
        wait = next((wait for before, wait in PATIENCE if self.until - to < before), LONG_AGO)
        if not self.unsent or to - self.sent_at < wait:
            return
        at = min(to, self.now + timedelta(seconds=6))
        send_due(now=at)
        self.sent_at, self.unsent = at, False

    def _read_messages(self, at: datetime) -> None:
        """Everybody has read what came in by ``at``."""
        unread = Message.objects.filter(channel=Channel.INAPP, read_at__isnull=True, sent_at__lte=at)
        for member_id, last in unread.values_list("member_id").annotate(last=Max("id")).order_by("member_id"):
            if member_id in self.readers:
                mark_all_read(actor=self.readers[member_id], upto=last, now=at)

    # ── what happens ──

    def _happen(self, moment: Moment) -> None:
        if moment.arrival:
            self._arrive(moment.arrival)
            return
        if moment.verb == CUT:
            self._go_on(moment.code)
            return
        story = self.stories.get(moment.code)
        if story is None or not story.is_open or moment.serial not in (-1, story.serial):
            return
        if moment.serial == -1 and not self._still_makes_sense(story, moment.verb):
            return
        try:
            self.stage.play(story, Verb(moment.verb), self.now)
        except (Refusal, Denied) as no:
            log.warning("simulation: %s %s at %s: %s", story.code, moment.verb, self.now, no)
            self.counts["refused"] += 1
            if moment.serial != -1:
                del self.stories[story.code]
            return
        self.unsent = True
        self.counts[moment.verb] += 1
        if not story.is_open:
            del self.stories[story.code]
        elif moment.serial != -1:
            self._plan(story)

    def _go_on(self, key: str) -> None:
        """The next thing in a power cut."""
        self.unsent = True
        self.counts["cuts"] += 1
        at = self.cuts.happen(key, self.now)
        if at:
            self._push(max(at, self.now), key, CUT)

    def _arrive(self, arrival: Arrival) -> None:
        order = self.callers.take(arrival)
        story = tell(order, self.seed, self.now, storm=arrival.storm)
        story.misled = story.misled or arrival.astray
        story.withdrawn = story.withdrawn and not arrival.astray
        self.stories[story.code] = story
        self.unsent = True
        self.counts["received"] += 1
        self._plan(story)
        self._plan_on_the_side(story)

    def _plan(self, story: Story) -> None:
        """The next main step, and what its lateness brings with it."""
        verb = next_verb(story)
        at = self.pace.moment(story, verb, max(self.now, story.last_at or self.now))
        story.serial += 1
        self._push(at, story.code, verb, story.serial)
        if verb in (V.FINISH, V.ANSWER) and not story.is_fault:
            story.plan["done"] = at
        self._plan_words(story, verb, at)
        if verb == V.FINISH and story.is_fault and V.ARRIVE in story.did and story.rng.random() < 0.012:
            self._push(self.now + minutes(story.rng, 3, 9), story.code, V.CORRECT)

    def _plan_words(self, story: Story, verb: Verb, at: datetime) -> None:
        """A promise that will be broken: most customers are told, some before, some after, some never."""
        due = story.promised_at
        coming = story.plan.get("arrive", at) if verb == V.SET_OFF else at
        if due is None or story.was_told or coming <= due or verb not in (V.SET_OFF, V.ARRIVE, V.FINISH, V.ANSWER):
            return
        rng, slow = story.rng, 1 if story.is_fault else 12
        draw = rng.random()
        if draw < 0.45:
            self._push(max(self.now, due - minutes(rng, 4, 17) * slow), story.code, V.TELL_LATE)
        elif draw < 0.7:
            self._push(max(self.now, due + minutes(rng, 3, 25) * slow), story.code, V.TELL_LATE)
        if rng.random() < 0.4:
            self._push(max(self.now, due + minutes(rng, 4, 30) * slow), story.code, V.ADD_CONTACT)

    def _plan_on_the_side(self, story: Story) -> None:
        """Things that may happen to any order: a second call, a slip of the pen, a change of mind."""
        rng, slow = story.rng, 1 if story.is_fault else 90
        if rng.random() < 0.05:
            self._push(self.now + minutes(rng, 8, 40) * slow, story.code, V.ADD_CONTACT)
        if rng.random() < 0.025:
            self._push(self.now + minutes(rng, 3, 20), story.code, V.AMEND)
        if story.withdrawn:
            self._push(self.now + minutes(rng, 4, 18) * slow, story.code, V.CANCEL)

    def _still_makes_sense(self, story: Story, verb: str) -> bool:
        if verb == V.TELL_LATE:
            return story.promised_at is not None and not story.was_told
        if verb == V.CANCEL:
            return story.state in WITHDRAWABLE
        if verb == V.CORRECT:
            return V.ARRIVE in story.did and V.CORRECT not in story.did
        return story.state not in (State.RESOLVED, State.ANSWERED)

    def _push(self, at: datetime, code: str, verb: str, serial: int = -1, arrival: Arrival | None = None) -> None:
        heapq.heappush(
            self.heap, Moment(max(at, self.now), len(self.heap) + self.counts["pushed"], code, verb, serial, arrival)
        )
        self.counts["pushed"] += 1


def next_rung() -> datetime | None:
    """When the next clock fires. Asked before every step, so as plain as it can be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(fire_at) FROM workorders_clock WHERE fire_at IS NOT NULL")
        return cursor.fetchone()[0]


def next_midnight(at: datetime) -> datetime:
    """The coming local midnight."""
    return (localtime(at) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def make_pace(*, until: datetime, scale: float, is_short_handed: Callable[[str, datetime], bool]) -> Pace:
    """A pace on the company's calendar; ``scale`` 1 is a city of 2,000."""
    quota = Counter({key: max(1, round(count * scale)) for key, count in QUOTA.items()})
    return Pace(company_calendar(), until, is_short_handed, quota, most=max(3, round(MOST_LATE * scale)))
