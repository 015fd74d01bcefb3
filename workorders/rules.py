"""Which rules apply to a case. The rulebook is read once per edit, not once per order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from workorders.models import PolicyRule

CRITERIA = ("service_type", "area_class", "customer_class", "channel")


@dataclass(frozen=True)
class Case:
    """What a rule looks at."""

    kind: str
    service_type: str = ""
    area_class: str = ""
    customer_class: str = ""
    channel: str = ""


def applicable(rules: Iterable[PolicyRule], *, case: Case, on: date) -> list[PolicyRule]:
    """The rules in force for ``case`` on the day it was received.

    Within one family and clock the most specific rule wins (then the newest version); different families run in
    parallel. The tightest comes out of their due instants, not here.
    """
    best: dict[tuple[str, str], PolicyRule] = {}
    for rule in rules:
        if not _fits(rule, case, on):
            continue
        slot = (rule.family, rule.clock)
        if slot not in best or _rank(rule) > _rank(best[slot]):
            best[slot] = rule
    return sorted(best.values(), key=lambda rule: (rule.clock, rule.family))


def _fits(rule: PolicyRule, case: Case, on: date) -> bool:
    if not rule.is_active or rule.kind != case.kind or rule.valid_from > on:
        return False
    if rule.valid_to and rule.valid_to < on:
        return False
    return all(getattr(rule, name) in ("", getattr(case, name)) for name in CRITERIA)


def _rank(rule: PolicyRule) -> tuple[int, int]:
    return sum(1 for name in CRITERIA if getattr(rule, name)), rule.version


_cache: tuple[UUID | None, list[PolicyRule]] = (None, [])


def rulebook() -> Sequence[PolicyRule]:
    """Every rule in force, from memory unless somebody edited one (one cheap query, in plain SQL for every intake)."""
    global _cache
    with connection.cursor() as cursor:
        cursor.execute("SELECT edition FROM workorders_rulebookstamp")
        (edition,) = cursor.fetchone() or (None,)
    if edition is None or _cache[0] != edition:
        _cache = (edition, list(PolicyRule.objects.filter(is_active=True)))
    return _cache[1]
