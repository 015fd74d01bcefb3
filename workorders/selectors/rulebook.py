"""Reading the rulebook as people do: by kind of order, with what was and what is not in force."""

from datetime import date

from django.http import Http404

from workorders.choices import Kind
from workorders.models import PolicyRule


def rules_by_kind(*, on: date, everything: bool = False) -> list[tuple[str, list[PolicyRule]]]:
    """(kind, its rules) in the order of the kinds; only those in force on the day unless ``everything``."""
    rules = PolicyRule.objects.select_related("confirmed_by").order_by("service_type", "clock", "amount", "key")
    kept = [rule for rule in rules if everything or is_in_force(rule, on)]
    return [(str(kind.label), rows) for kind in Kind if (rows := [rule for rule in kept if rule.kind == kind])]


def is_in_force(rule: PolicyRule, on: date) -> bool:
    """Active, and within its days."""
    return rule.is_active and rule.valid_from <= on and (rule.valid_to is None or rule.valid_to >= on)


def versions_of(key: str) -> list[PolicyRule]:
    """Every version of a rule, newest first."""
    return list(PolicyRule.objects.filter(key=key).select_related("confirmed_by").order_by("-version"))


def latest_rule(key: str) -> PolicyRule:
    """The newest version. Raises: Http404."""
    rule = PolicyRule.objects.filter(key=key).order_by("-version").first()
    if rule is None:
        raise Http404(key)
    return rule
