"""Small words of the staff pages."""

from base64 import b32encode
from datetime import datetime
from typing import Any

from django import template
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from common import timewords
from staff.choices import AreaClass, Role, UnitKind
from staff.models import Member, Unit

register = template.Library()


FEW = 3  # shifts told one by one
WORDS = {field.name: field.verbose_name for model in (Unit, Member) for field in model._meta.concrete_fields} | {
    "home_unit": _("unit"),
    "parent": _("under"),
    "role": _("role"),
    "unit": _("unit"),
    "shifts": _("shifts"),
    "successor": _("successor"),
    "handed_over": _("handed over"),
    "file": _("file"),
    "members": _("members"),
    "new": _("new"),
    "list": _("list"),
    "purpose": _("purpose"),
    "rows": _("rows"),
    "filters": _("filters"),
}


@register.filter
def base32_key(device: TOTPDevice) -> str:
    """The device's key as apps want it typed: base 32, in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@register.filter
def depth_class(depth: int) -> str:
    """The class that indents a unit in the tree."""
    return f"dh-d{min(depth, 6)}"


@register.filter
def week_day(at: datetime) -> str:
    """A day in the head of a week: “周一 11-16”."""
    here = localtime(at)
    return f"{timewords.weekday(here)} {here:%m-%d}"


@register.filter
def clock_end(at: datetime) -> str:
    """The time at which something ends; midnight is 24:00 of the day before."""
    here = localtime(at)
    return "24:00" if (here.hour, here.minute) == (0, 0) else timewords.clock(at)


@register.filter
def audit_words(values: dict[str, Any]) -> str:
    """What an audit entry keeps, as “name: 桥边一班 · jobs at once: 4”; choices and days in words."""
    return " · ".join(f"{WORDS.get(name, name)}: {_word(name, value)}" for name, value in values.items()) or "—"


def _word(name: str, value: Any) -> str:
    for field, choices in (("role", Role), ("kind", UnitKind), ("area_class", AreaClass)):
        if name == field and value in choices.values:
            return str(choices(value).label)
    if name == "shifts":
        return _shifts(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}={part}" for key, part in value.items())
    return "—" if value in ("", None) else str(value)


def _shifts(spells: list[list[str]]) -> str:
    """Few in full; a plan of many weeks by its first, its last and their number."""
    if len(spells) <= FEW:
        return ", ".join(_shift(*spell) for spell in spells)
    ends = f"{_shift(*spells[0])} … {_shift(*spells[-1])}"
    return ngettext("%(n)d shift, %(ends)s", "%(n)d shifts, %(ends)s", len(spells)) % {"n": len(spells), "ends": ends}


def _shift(starts_at: str, ends_at: str) -> str:
    start, end = (localtime(datetime.fromisoformat(text)) for text in (starts_at, ends_at))
    return f"{start:%m-%d %H:%M}–{end:%H:%M}"
