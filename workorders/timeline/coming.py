"""What is coming: the alarms of running clocks, and who will be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from staff.choices import Role
from staff.roster import DutyOutlook
from workorders.choices import ClockState, Stage
from workorders.models import Clock, WorkOrder
from workorders.timeline.titles import sources, with_source

SHOWN = 4  # the nearest; a page is no plan of the week
NAMED = 3


@dataclass(frozen=True)
class Ahead:
    """One alarm to come. ``is_promise``: the moment the customer was promised."""

    at: datetime
    title: str
    told: str
    is_promise: bool = False


@dataclass(frozen=True)
class _Rung:
    at: datetime
    stage: str
    roles: tuple[str, ...]
    clock: Clock


def coming(order: WorkOrder, clocks: Iterable[Clock], *, now: datetime) -> list[Ahead]:
    """The nearest alarms still to come, the latest of them first; one query, none when nothing runs."""
    clocks = list(clocks)
    rungs = sorted((rung for clock in clocks for rung in _rungs(clock, now)), key=lambda rung: rung.at)[:SHOWN]
    if not rungs:
        return []
    roles = {role for rung in rungs for role in rung.roles}
    outlook = DutyOutlook(unit=order.unit, roles=roles, start=now, end=rungs[-1].at)
    named = sources(clocks)
    return [_ahead(rung, order, outlook, named.get(rung.clock.pk, "")) for rung in reversed(rungs)]


def _rungs(clock: Clock, now: datetime) -> Iterable[_Rung]:
    if clock.state != ClockState.RUNNING or not clock.per_order:
        return
    for step in clock.stages[clock.next_stage :]:
        at = datetime.fromisoformat(step["at"])
        if at > now:
            yield _Rung(at, step["stage"], tuple(step["roles"]), clock)


def _ahead(rung: _Rung, order: WorkOrder, outlook: DutyOutlook, source: str) -> Ahead:
    kind = rung.clock.get_kind_display()
    words = {"clock": with_source(kind, source), "label": rung.clock.rule.short_name}
    promised = rung.stage == Stage.BREACH and rung.clock.pk == order.promise_clock_id
    if promised:
        title = _("The promised moment: %(clock)s") % {"clock": kind}
    elif rung.stage == Stage.WARN:
        title = _("Reminder: %(clock)s") % words
    elif rung.stage == Stage.BREACH:
        title = _("Time limit: %(clock)s, %(label)s") % (words | {"clock": kind})
    else:
        title = _("Escalation: %(clock)s") % words
    people = _people(rung, order, outlook)
    told = _("Tells %(people)s") if rung.stage == Stage.WARN else _("If not done: tells %(people)s")
    return Ahead(rung.at, title, told % {"people": people} if people else _("Nobody is on duty to be told"), promised)


def _people(rung: _Rung, order: WorkOrder, outlook: DutyOutlook) -> str:
    """“supervisor Huang Zhiyuan, dispatcher Qin Guodong”."""
    groups = []
    for role in rung.roles:
        assigned = role == Role.HANDLER and order.assignee
        named = [order.assignee.name] if assigned else outlook.who(role, rung.at)
        if named:
            groups.append(f"{Role(role).label} {_names(named)}")
    return pgettext("between things of a list", ", ").join(groups)


def _names(people: list[str]) -> str:
    names = pgettext("between names", ", ").join(people[:NAMED])
    return _("%(names)s and %(n)d more") % {"names": names, "n": len(people) - NAMED} if len(people) > NAMED else names
