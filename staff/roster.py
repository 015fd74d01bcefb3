"""Who is on duty, asked thousands of times in one pass."""

from collections.abc import Collection
from datetime import datetime

from staff.models import Duty, Member, Unit
from staff.selectors import by_place, duties_at, grants_alive, ways_up


class DutyRoster:
    """A picture of the duty plan at one instant: three queries when made, none when asked.

    ``who`` gives exactly what `staff.selectors.on_duty` gives at that instant; a test holds the two together. Name the
    ``roles`` that will be asked for, and nothing else is read. The members carry no unit or grants of their own.

        roster = DutyRoster(at=now, roles={Role.DISPATCHER})
        for order in orders:
            roster.who(order.unit_id, Role.DISPATCHER)
    """

    def __init__(self, *, at: datetime, roles: Collection[str] | None = None) -> None:
        planned, granted = duties_at(at), grants_alive()
        if roles is not None:
            planned, granted = planned.filter(role__in=roles), granted.filter(role__in=roles)
        self.at = at
        self._paths: dict[int, str] = dict(Unit.objects.values_list("pk", "path"))
        self._planned = _by_role_and_place((d.role, d.unit.path, d.member) for d in planned)
        self._granted = _by_role_and_place((g.role, g.unit.path, g.member) for g in granted)
        self._found: dict[tuple[int, str], list[Member]] = {}

    def who(self, unit_id: int, role: str) -> list[Member]:
        """Who answers for ``role`` around the unit; do not change the list."""
        key = (unit_id, role)
        if key not in self._found:
            self._found[key] = self._walk(self._paths[unit_id], role)
        return self._found[key]

    def _walk(self, path: str, role: str) -> list[Member]:
        ways = ways_up(path)
        for places in (self._planned.get(role, {}), self._granted.get(role, {})):
            for way in ways:
                if way in places:
                    return places[way]
        return []


def _by_role_and_place(rows) -> dict[str, dict[str, list[Member]]]:
    roles: dict[str, list[tuple[str, Member]]] = {}
    for role, path, member in rows:
        roles.setdefault(role, []).append((path, member))
    return {role: by_place(pairs) for role, pairs in roles.items()}


class DutyOutlook:
    """Who will be on duty around one unit in the time to come: two queries when made, none when asked.

    ``who(role, at)`` gives what `staff.selectors.on_duty` would give at that instant by today's plan.

        outlook = DutyOutlook(unit=order.unit, roles={Role.SUPERVISOR}, start=now, end=last_alarm)
        outlook.who(Role.SUPERVISOR, alarm_at)
    """

    def __init__(self, *, unit: Unit, roles: Collection[str], start: datetime, end: datetime) -> None:
        self._ways = ways_up(unit.path)
        here = {"role__in": roles, "unit__path__in": self._ways}
        shifts = Duty.objects.filter(starts_at__lte=end, ends_at__gt=start, member__is_active=True, **here)
        self._shifts = list(shifts.select_related("member", "unit").order_by("starts_at", "pk"))
        self._granted = _by_role_and_place((g.role, g.unit.path, g.member) for g in grants_alive().filter(**here))

    def who(self, role: str, at: datetime) -> list[Member]:
        """Who will answer for ``role`` at ``at``."""
        running = (s for s in self._shifts if s.role == role and s.starts_at <= at < s.ends_at)
        places = by_place((s.unit.path, s.member) for s in running) or self._granted.get(role, {})
        return next((places[way] for way in self._ways if way in places), [])
