"""Reads of the staff room: what a member reaches, who is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.http import Http404

from staff.choices import SUPERVISING_ROLES, UnitKind
from staff.models import Duty, Member, RoleGrant, Unit


class Place(NamedTuple):
    """A unit as its tree knows it."""

    id: int
    path: str
    depth: int
    code: str
    name: str


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
        return unit is not None and self.reaches_path(unit.path, *roles)

    def reaches_path(self, path: str, *roles: str) -> bool:
        """The same for a unit known by its tree path only."""
        return any(path.startswith(held) for role, held in self.grants if not roles or role in roles)

    def paths(self, *roles: str) -> tuple[str, ...]:
        """Shortest tree paths reached by these roles (all roles when none is named)."""
        found = sorted({path for role, path in self.grants if not roles or role in roles}, key=len)
        kept: list[str] = []
        for path in found:
            if not any(path.startswith(k) for k in kept):
                kept.append(path)
        return tuple(kept)

    def unit_ids(self, *roles: str) -> frozenset[int]:
        """Ids of every unit that these roles reach."""
        return self.ids_under(*self.paths(*roles))

    @property
    def reaches_all(self) -> bool:
        """Whether no unit is out of reach: then a list needs no word about units."""
        return len(self.unit_ids()) == len(self.tree)

    def ids_under(self, *paths: str) -> frozenset[int]:
        """Ids of the units in the subtrees that start at these tree paths, kept with the scope."""
        if paths not in self._reached:
            self._reached[paths] = frozenset(place.id for place in self.tree if place.path.startswith(paths))
        return self._reached[paths]

    @cached_property
    def _reached(self) -> dict[tuple[str, ...], frozenset[int]]:
        return {}

    @cached_property
    def tree(self) -> tuple[Place, ...]:
        """Every unit where it stands, from the top: one query, whatever reaches and lists of units a page asks for."""
        return tuple(map(Place._make, Unit.objects.order_by("path").values_list(*Place._fields)))


def scope_of(member: Member) -> Scope:
    """The member's scope; one query per instance of the member, and one when units are asked for."""
    scope: Scope | None = member._scope
    if scope is None or scope.grants != member.grants_held:
        scope = member._scope = Scope(member.grants_held)
    return scope


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
    `staff.roster.DutyRoster` answers the same for thousands of units at a constant number of queries.
    """
    ways = ways_up(unit.path)
    planned = duties_at(at).filter(role=role, unit__path__in=ways)
    holders = by_place((row.unit.path, row.member) for row in planned)
    if not holders:
        granted = grants_alive().filter(role=role, unit__path__in=ways)
        holders = by_place((row.unit.path, row.member) for row in granted)
    return next((holders[path] for path in ways if path in holders), [])


def ways_up(path: str) -> list[str]:
    """Tree paths from a unit up to the top, itself first."""
    return [path[:end] for end in range(len(path), 0, -Unit.steplen)]


def by_place(pairs: Iterable[tuple[str, Member]]) -> dict[str, list[Member]]:
    """Members by tree path, in the order given, each once."""
    places: dict[str, dict[int, Member]] = {}
    for path, member in pairs:
        places.setdefault(path, {}).setdefault(member.pk, member)
    return {path: list(members.values()) for path, members in places.items()}


def duties_at(at: datetime) -> QuerySet[Duty]:
    """Shifts that are running at an instant, of active members, in the order they began."""
    running = Duty.objects.filter(starts_at__lte=at, ends_at__gt=at, member__is_active=True)
    return running.select_related("member", "unit").order_by("starts_at", "pk")


def grants_alive() -> QuerySet[RoleGrant]:
    """Grants of active members, oldest first."""
    return RoleGrant.objects.filter(member__is_active=True).select_related("member", "unit").order_by("pk")


def crews() -> QuerySet[Unit]:
    """Crews in use, in the order of the tree."""
    return Unit.objects.filter(kind=UnitKind.CREW, is_active=True)


def handling_units() -> QuerySet[Unit]:
    """Units that orders can be dispatched to."""
    kinds = [UnitKind.CREW, UnitKind.STATION, UnitKind.DEPARTMENT, UnitKind.DESK, UnitKind.HALL, UnitKind.REMOTE_DESK]
    return Unit.objects.filter(kind__in=kinds, is_active=True)


def is_supervising(member: Member) -> bool:
    """Supervisor and above."""
    return scope_of(member).has(*SUPERVISING_ROLES)


def get_unit(code: str) -> Unit:
    """The unit with this code. Raises: Http404."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Http404(code)
    return unit
