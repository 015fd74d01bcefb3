"""Changing the rulebook: loading the shipped rows, editing by new versions, confirming, recalculating open orders."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from staff.choices import Role
from staff.models import Member
from workorders.choices import Stage
from workorders.models import PolicyRule, RulebookStamp
from workorders.policies import can_edit_rules

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "rules.csv"


def _ladder(warned: str, breached: tuple[str, ...]) -> list[dict[str, Any]]:
    """Design §11: the lead at breach, the supervisor on duty at +25 %, the manager at +50 % (at least 15 minutes)."""
    return [
        {"stage": Stage.WARN.value, "roles": [warned]},
        {"stage": Stage.BREACH.value, "roles": list(breached)},
        {"stage": Stage.ESCALATE_1.value, "percent": 25, "min_minutes": 15, "roles": [Role.SUPERVISOR.value]},
        {"stage": Stage.ESCALATE_2.value, "percent": 50, "min_minutes": 30, "roles": [Role.MANAGER.value]},
    ]


LADDERS = {
    "field": _ladder("handler", ("unit_lead", "dispatcher")),
    "desk": _ladder("handler", ("unit_lead",)),
    "dispatch": _ladder("dispatcher", ("dispatch_supervisor",)),
    "call_back": _ladder("agent", ("supervisor",)),
    "task": _ladder("handler", ("unit_lead", "dispatcher")),
}


def load_shipped_rules(path: Path = SHIPPED) -> int:
    """Load the shipped rows that the table does not have yet; edited ones are left alone. Returns how many were new.

    Idempotent: by key. Source: each row names its own.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(PolicyRule.objects.values_list("key", flat=True))
    new = [PolicyRule(**_values(row)) for row in rows if row["key"] not in known]
    with transaction.atomic():
        PolicyRule.objects.bulk_create(new)
        if new:
            bump()
    return len(new)


def _values(row: dict[str, str]) -> dict[str, Any]:
    flags = {name: row[name] == "1" for name in ("per_order", "is_published", "is_active")}
    numbers = {name: int(row[name]) for name in ("amount", "warn_percent")}
    dates = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_to")}
    return {**row, **flags, **numbers, **dates, "ladder": LADDERS[row["ladder"]]}


def bump() -> None:
    """Tell every process that its copy of the rules is old."""
    RulebookStamp.objects.update_or_create(pk=1, defaults={"edition": uuid4()})


EDITABLE = (
    "amount", "base", "same_time_of_day", "target", "per_order", "warn_percent", "ladder", "source", "label",
    "label_en", "is_published", "is_active", "valid_from", "valid_to",
)  # fmt: skip


def edit_rule(*, key: str, version: int, actor: Member, now: datetime, **values: Any) -> PolicyRule:
    """Make a new version of a rule; open orders keep the version they were opened under.

    ``version`` is the one the editor saw. Raises: `Denied`, `Refusal` (stale, nothing changed, dates).
    Locks: all versions of the key.
    """
    require(can_edit_rules(actor))
    with transaction.atomic():
        latest = PolicyRule.objects.select_for_update().filter(key=key).order_by("-version").first()
        if latest is None or latest.version != version:
            raise Refusal(_("Somebody changed this rule meanwhile. Look at the new version first."))
        changed = {name: values[name] for name in EDITABLE if name in values and getattr(latest, name) != values[name]}
        if not changed:
            raise Refusal(_("Nothing was changed."))
        today = localdate(now)
        fresh = PolicyRule.objects.get(pk=latest.pk)
        fresh.pk, fresh.version = None, latest.version + 1
        fresh.valid_from = changed.get("valid_from", today)
        for name, value in changed.items():
            setattr(fresh, name, value)
        _retire(latest, fresh)
        fresh.save(force_insert=True)
        bump()
    return fresh


def _retire(old: PolicyRule, fresh: PolicyRule) -> None:
    """The old version ends the day before the new one begins, or was never in force."""
    ends_on = fresh.valid_from - timedelta(days=1)
    if ends_on >= old.valid_from:
        old.valid_to = min(old.valid_to or ends_on, ends_on)
    else:
        old.is_active = False
    old.save(update_fields=["valid_to", "is_active"])


def confirm_rule(*, key: str, version: int, actor: Member, now: datetime) -> PolicyRule:
    """An administrator vouches for an unconfirmed aim: from now on it may be published.

    Raises: `Denied`; `Refusal` when it needs no confirming.
    """
    require(can_edit_rules(actor))
    with transaction.atomic():
        rule = PolicyRule.objects.select_for_update().get(key=key, version=version)
        if not rule.is_unconfirmed:
            raise Refusal(_("This rule is confirmed already."))
        rule.confirmed_by, rule.confirmed_at = actor, now
        rule.save(update_fields=["confirmed_by", "confirmed_at"])
        bump()
    return rule
