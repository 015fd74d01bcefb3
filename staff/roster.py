"""Who is on duty, asked thousands of times in one pass."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import DateTimeField, Value

from staff.models import Duty, Member, RoleGrant, Unit
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


def _by_role_and_place(rows: Iterable[tuple[str, str, Member]]) -> dict[str, dict[str, list[Member]]]:
    roles: dict[str, list[tuple[str, Member]]] = {}
    for role, path, member in rows:
        roles.setdefault(role, []).append((path, member))
    return {role: by_place(pairs) for role, pairs in roles.items()}


class DutyOutlook:
    """Who will be on duty around one unit in the time to come: one query when made, none when asked.

    ``who(role, at)`` gives the names of those whom `staff.selectors.on_duty` would give at that instant by the plan of
    now; a test holds the two together.

        outlook = DutyOutlook(unit=order.unit, roles={Role.SUPERVISOR}, start=now, end=last_alarm)
        outlook.who(Role.SUPERVISOR, alarm_at)
    """

    def __init__(self, *, unit: Unit, roles: Collection[str], start: datetime, end: datetime) -> None:
        self._ways = ways_up(unit.path)
        here = {"role__in": roles, "unit__path__in": self._ways, "member__is_active": True}
        what = ("role", "unit__path", "member_id", "member__name")
        shifts = Duty.objects.filter(starts_at__lte=end, ends_at__gt=start, **here).order_by()
        grants = RoleGrant.objects.filter(**here).order_by().annotate(starts=_NEVER, ends=_NEVER)
        found = shifts.values_list(*what, "starts_at", "ends_at", "pk").union(
            grants.values_list(*what, "starts", "ends", "pk"), all=True
        )
        rows = sorted(found, key=lambda row: (row[4] is None, row[4] or start, row[6]))
        self._shifts = [row for row in rows if row[4]]
        self._grants = [row for row in rows if not row[4]]

    def who(self, role: str, at: datetime) -> list[str]:
        """Names of who will answer for ``role`` at ``at``."""
        running = [row for row in self._shifts if row[0] == role and row[4] <= at < row[5]]
        for way in self._ways if running else ():
            if names := _names(running, way):
                return names
        held = [row for row in self._grants if row[0] == role]
        return next((names for way in self._ways if (names := _names(held, way))), [])


_NEVER = Value(None, output_field=DateTimeField(null=True))


def _names(rows: Iterable[tuple], way: str) -> list[str]:
    """Names at one place of the tree, each person once."""
    return list({row[2]: row[3] for row in rows if row[1] == way}.values())
