"""What happens next to an order, and when. Decides; `stage.py` acts.

Everything is drawn from the order's own dice, except who has to wait for whom: crews have few teams, and a storm fills
them up, so lateness comes about as it does in life.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.utils.timezone import localtime

from common.calendars import CompanyCalendar
from simulation.city import units as u
from simulation.story import Story, labour, travel
from workorders.choices import Kind, State, Verb
from workorders.kinds import KINDS

V, S = Verb, State
DAY = timedelta(days=1)
# What comes in, or back, so shortly before somebody looks is still on the desk then.
AT_THE_DESK, CAME_BACK = timedelta(seconds=100), timedelta(minutes=12)


MOST_LATE = 13  # of some 150 open ones in a city of 2,000


def minutes(rng: Random, low: float, high: float, mode: float | None = None) -> timedelta:
    """A time span drawn from a triangle."""
    return timedelta(minutes=rng.triangular(low, high, mode))


def next_verb(story: Story) -> Verb:
    """The next step of the order's main line."""
    if story.state in (S.RECEIVED, S.RETURNED):
        if story.kind == Kind.PRAISE:
            return V.CLOSE
        return V.ANSWER if story.is_instant and story.state == S.RECEIVED else V.DISPATCH
    if story.state == S.DISPATCHED:
        return V.RETURN if story.misled else V.ACCEPT
    if story.state == S.ACCEPTED:
        return _under_way(story)
    if story.state == S.IN_PROGRESS:
        return V.FINISH
    if story.state == S.RESOLVED:
        return V.ANSWER
    return V.CLOSE if V.CALL_BACK in story.did or not owes_call_back(story) else V.CALL_BACK


def _under_way(story: Story) -> Verb:
    if V.CONTACT not in story.did and story.is_called_first:
        return V.CONTACT
    if not story.goes_out:
        return V.FINISH
    return V.ARRIVE if V.SET_OFF in story.did else V.SET_OFF


def owes_call_back(story: Story) -> bool:
    """What `workorders.services.clocks.needs_call_back` will ask for, seen from here."""
    spec = KINDS[story.kind]
    return spec.needs_call_back and (spec.call_back_after_first_contact or not story.is_instant)


@dataclass
class Pace:
    """When things happen. ``until`` is the moment somebody will look.

    By then ``quota`` orders are made late on purpose, by (fault or not, step that is overdue); ``most`` is how many may
    be late altogether, with those that came to be late by themselves.
    """

    calendar: CompanyCalendar
    until: datetime
    is_short_handed: Callable[[str, datetime], bool]
    quota: Counter = field(default_factory=Counter)
    most: int = MOST_LATE
    teams: dict[str, list[datetime]] = field(default_factory=dict)
    lying: set[str] = field(default_factory=set)  # orders whose next step comes after the end, and too late

    def moment(self, story: Story, verb: Verb, now: datetime) -> datetime:
        """When ``verb`` will happen to the order."""
        at = getattr(self, f"_{verb.value}")(story, now)  # the methods below carry the verbs' names
        at = max(at, now + timedelta(seconds=5)).replace(microsecond=0)
        return self._leave_lying(story, verb, now, at)

    # ── the main line ──

    def _dispatch(self, story: Story, now: datetime) -> datetime:
        rng = story.rng
        if story.is_fault:
            if self.until - now < AT_THE_DESK or (story.state == S.RETURNED and self.until - now < CAME_BACK):
                return self.until + minutes(rng, 0.2, 1.2)
            if rng.random() < (0.14 if story.storm else 0.04):
                return now + minutes(rng, 2.2, 9, 3)
            return now + minutes(rng, 0.3, 0.9 if story.is_safety else 1.6, 0.5)
        return now + (minutes(rng, 21, 45) if rng.random() < 0.03 else minutes(rng, 2, 17, 5))

    def _accept(self, story: Story, now: datetime) -> datetime:
        rng = story.rng
        if story.is_fault:
            return now + (minutes(rng, 5.3, 12, 6) if rng.random() < 0.04 else minutes(rng, 0.4, 3.4, 1.1))
        if story.service_type == "reconnection":
            return now + minutes(rng, 4, 40, 10)
        if story.kind == Kind.COMPLAINT or story.service_type == "appliance_damage":
            return self._daytime(now + minutes(rng, 5, 150, 30))
        return self._office(now, minutes(rng, 3, 190, 25))

    def _return(self, story: Story, now: datetime) -> datetime:
        return (
            now + minutes(story.rng, 2, 9, 4) if story.is_fault else self._office(now, minutes(story.rng, 8, 160, 40))
        )

    def _contact(self, story: Story, now: datetime) -> datetime:
        if story.is_fault:
            return now + minutes(story.rng, 0.6, 4, 1.6)
        if story.kind == Kind.COMPLAINT:
            return self._daytime(now + minutes(story.rng, 20, 420, 90))
        return self._office(now, minutes(story.rng, 5, 200, 40))

    def _set_off(self, story: Story, now: datetime) -> datetime:
        """A free team leaves; without one the order waits for the first that comes free. Danger does not wait."""
        rng = story.rng
        if not story.is_fault:
            return self._visit(story, now)
        ready = now + minutes(rng, 1.5, 9, 4)
        teams = self.teams.setdefault(story.unit, [now] * self._teams_of(story.unit, now))
        team = min(range(len(teams)), key=teams.__getitem__)
        if not story.is_safety:
            ready = max(ready, teams[team] + minutes(rng, 1, 5))
        story.plan["arrive"] = ready + travel(story)
        story.plan["finish"] = story.plan["arrive"] + labour(story)
        teams[team] = max(teams[team], story.plan["finish"])
        return ready

    def _arrive(self, story: Story, now: datetime) -> datetime:
        return story.plan.get("arrive") or now + travel(story) / 2

    def _finish(self, story: Story, now: datetime) -> datetime:
        if story.goes_out:
            at = story.plan.get("finish") or now + labour(story)
            return max(at, now + timedelta(minutes=8))
        if story.service_type == "reconnection":  # switched on from afar
            return now + minutes(story.rng, 10, 240, 35)
        return self._answered_within(story, now)

    def _answer(self, story: Story, now: datetime) -> datetime:
        rng = story.rng
        if story.is_instant and story.state == S.RECEIVED:
            return now + minutes(rng, 0.8, 6, 2)
        if story.is_fault:
            return now + minutes(rng, 3, 45, 9)
        return self._office(now, minutes(rng, 8, 150, 30))

    def _call_back(self, story: Story, now: datetime) -> datetime:
        rng = story.rng
        if story.tries:
            return self._daytime(now + minutes(rng, 75, 300, 120))
        if story.is_fault:
            return self._daytime(now + minutes(rng, 20, 720, 150))
        return self._office(now, minutes(rng, 30, 460, 200))

    def _close(self, story: Story, now: datetime) -> datetime:
        if story.kind == Kind.PRAISE:
            return self._office(now, minutes(story.rng, 20, 420, 120))
        return now + minutes(story.rng, 0.4, 4, 1)

    # ── how time passes ──

    def _visit(self, story: Story, now: datetime) -> datetime:
        """Somebody goes there by appointment, some way into the time there is."""
        rng = story.rng
        if story.service_type == "reconnection":
            at = now + minutes(rng, 15, 260, 60)
        elif story.service_type == "appliance_damage":
            at = self._daytime(now + minutes(rng, 60, 900, 300))
        else:
            at = self._some_way(story, now, rng.triangular(0.1, 0.7, 0.35))
        story.plan["arrive"] = at + travel(story)
        story.plan["finish"] = story.plan["arrive"] + labour(story) * 0.8
        return at

    def _answered_within(self, story: Story, now: datetime) -> datetime:
        """Desk work: mostly well inside the limit, more often late where half the people are away."""
        rng = story.rng
        late = 0.30 if self.is_short_handed(story.unit, now) else 0.045
        if rng.random() < late:
            return self._some_way(story, now, rng.triangular(0.98, 1.4, 1.05))
        return self._some_way(story, now, rng.triangular(0.1, 0.86, 0.52))

    def _some_way(self, story: Story, now: datetime, part: float) -> datetime:
        """A working moment that lies ``part`` of the way to the due instant."""
        due = story.due_at or now + 3 * DAY
        if due <= now:
            return self._office(now, minutes(story.rng, 10, 200, 60))
        return self.calendar.work.next_working(now + (due - now) * part) + minutes(story.rng, 0, 25)

    def _office(self, now: datetime, worked: timedelta) -> datetime:
        """After so much working time."""
        return self.calendar.work.add(now, worked)

    def _daytime(self, at: datetime) -> datetime:
        """Not at night: nobody is called before 8:30 or after 20:30."""
        local = localtime(at)
        opens = local.replace(hour=8, minute=30, second=0)
        if local < opens:
            return opens + (opens - local) / 8
        closes = local.replace(hour=20, minute=30, second=0)
        return at if local < closes else opens + DAY + (local - closes) / 3

    def _teams_of(self, unit: str, now: datetime) -> int:
        teams = 2 if unit in {"CB1", "CB2", "CZ1", "CZ2", "CN1", "WJ1"} else 1
        return max(1, teams - self.is_short_handed(unit, now))

    def _leave_lying(self, story: Story, verb: Verb, now: datetime, at: datetime) -> datetime:
        """Keep what is past its limit at the end within bounds: somebody who looks finds some of it, and not too much.

        A step before its due instant may be left lying until after the end; where enough lies already, office work
        that would come too late is done in time.
        """
        due = story.due_at
        self.lying.discard(story.code)
        if due is None or due > self.until - timedelta(minutes=3):
            return at
        if at > self.until:
            if due > now and not story.is_fault and len(self.lying) >= self.most:
                return max(now, due - minutes(story.rng, 4, 40))
            self.lying.add(story.code)
            return at
        key = (story.is_fault, verb)
        window = timedelta(hours=7) if story.is_fault and verb != V.CALL_BACK else timedelta(hours=40)
        is_near = self.until - window < due and at <= due and len(self.lying) < self.most
        if not is_near or self.quota[key] <= 0 or story.rng.random() > 0.4:
            return at
        self.quota[key] -= 1
        self.lying.add(story.code)
        story.is_laggard = True
        return self.until + minutes(story.rng, 12, 150)


QUOTA = {
    (True, V.ARRIVE): 2, (True, V.FINISH): 1, (True, V.CALL_BACK): 1,
    (False, V.FINISH): 4, (False, V.ANSWER): 1, (False, V.CALL_BACK): 1,
}  # fmt: skip


def unit_for(story: Story) -> str:
    """The unit an order belongs to."""
    named = u.DEPARTMENTS.get(story.saying.unit) if story.saying else None
    if named:
        return named
    if story.is_fault:
        return story.place.crew if story.place else "CN1"
    if story.kind == Kind.SERVICE and story.place:
        return story.place.station
    return u.INSPECTION if story.kind == Kind.TIP_OFF else u.MARKETING


def wrong_unit_for(story: Story) -> str:
    """A unit it does not belong to, as a hurried dispatcher picks it."""
    right = unit_for(story)
    pool = ["CB1", "CB2", "CZ1", "CZ2", "CN1", "WJ1"] if story.is_fault else [u.MARKETING, u.BUSINESS, u.METERING, "CZ"]
    return story.rng.choice([code for code in pool if code != right])
