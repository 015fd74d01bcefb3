"""Reads of the staff room: what a member reaches, who is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from staff.choices import Role, UnitKind
from staff.models import Duty, Member, RoleGrant, Unit


@dataclass(frozen=True)
class Scope:
    """What a member's roles reach; build it with `scope_of`."""

    grants: tuple[tuple[str, str], ...]  # (role, path of the unit it is held in)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.grants)

    def has(self, *roles: str) -> bool:
        """Whether any of these roles is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def reaches(self, unit: Unit | None, *roles: str) -> bool:
        """Whether one of these roles is held in ``unit`` or above it; without roles, any role counts."""
        if unit is None:
            return False
        return any(unit.path.startswith(path) for role, path in self.grants if not roles or role in roles)

    def paths(self, *roles: str) -> tuple[str, ...]:
        """Shortest tree paths reached by these roles (all roles when none is named)."""
        found = sorted({path for role, path in self.grants if not roles or role in roles}, key=len)
        kept: list[str] = []
        for path in found:
            if not any(path.startswith(k) for k in kept):
                kept.append(path)
        return tuple(kept)

    def unit_ids(self, *roles: str) -> frozenset[int]:
        """Ids of every unit that these roles reach; one query."""
        return frozenset(units_under(self.paths(*roles)).values_list("id", flat=True))


def scope_of(member: Member) -> Scope:
    """The member's scope, read once per instance (one query)."""
    cached = getattr(member, "_scope", None)
    if cached is None:
        grants = RoleGrant.objects.filter(member=member).values_list("role", "unit__path") if member.is_active else ()
        cached = member._scope = Scope(tuple(grants))
    return cached


def units_under(paths: Iterable[str]) -> QuerySet[Unit]:
    """Units in the subtrees that start at these tree paths."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    return Unit.objects.filter(wanted)


def on_duty(*, unit: Unit, role: str, at: datetime) -> list[Member]:
    """Who answers for ``role`` around ``unit`` at ``at``.

    Walks from the unit up to the company: first those on the duty plan there; if the plan is silent on the whole
    way, those who hold the role at the nearest unit. Empty only when nobody holds the role at all.
    """
    ways = [unit.path[: i * Unit.steplen] for i in range(len(unit.path) // Unit.steplen, 0, -1)]
    rows = Duty.objects.filter(
        role=role, unit__path__in=ways, starts_at__lte=at, ends_at__gt=at, member__is_active=True
    ).select_related("member", "unit")
    holders: dict[str, list[Member]] = {}
    for row in rows:
        holders.setdefault(row.unit.path, []).append(row.member)
    if not holders:
        for grant in RoleGrant.objects.filter(
            role=role, unit__path__in=ways, member__is_active=True
        ).select_related("member", "unit"):
            holders.setdefault(grant.unit.path, []).append(grant.member)
    return next((holders[path] for path in ways if path in holders), [])


def crews() -> QuerySet[Unit]:
    """Crews in use, in the order of the tree."""
    return Unit.objects.filter(kind=UnitKind.CREW, is_active=True)


def handling_units() -> QuerySet[Unit]:
    """Units that orders can be dispatched to."""
    kinds = [UnitKind.CREW, UnitKind.STATION, UnitKind.DEPARTMENT, UnitKind.DESK, UnitKind.HALL, UnitKind.REMOTE_DESK]
    return Unit.objects.filter(kind__in=kinds, is_active=True)


def is_supervising(member: Member) -> bool:
    """Supervisor and above."""
    return scope_of(member).has(Role.SUPERVISOR, Role.MANAGER, Role.DISPATCH_SUPERVISOR)
