"""How grave a shortage is by the rules of a day."""

from datetime import date
from decimal import Decimal

from outages.models import ShortageLevel
from outages.shortage import level_of


def rules_on(day: date) -> list[ShortageLevel]:
    """The levels in force on a day, the gravest first: those of the latest set that had begun."""
    rules = list(ShortageLevel.objects.filter(valid_from__lte=day).order_by("-valid_from", "-from_percent"))
    return [rule for rule in rules if rule.valid_from == rules[0].valid_from]


def level_on(day: date, shortage: Decimal, peak: Decimal) -> str:
    """The level of a shortage on a day; "" when there are no rules for it."""
    return level_of(rules_on(day), shortage, peak)
