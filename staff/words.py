"""What is wrong with a typed value, in words that say how to mend it; None when nothing is. Pure."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

STAFF_NO = re.compile(r"[A-Z0-9][A-Z0-9-]{2,19}")
UNIT_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
MOBILE_DIGITS = 11


def check_staff_no(text: str) -> str | None:
    """Three to twenty letters, figures and dashes; letters as capitals."""
    if not text:
        return _("The staff number is missing")
    if not STAFF_NO.fullmatch(text):
        return _("A staff number has 3 to 20 letters and figures")
    return None


def check_code(text: str) -> str | None:
    """A unit's code stands in addresses: up to twenty letters, figures and dashes."""
    return None if UNIT_CODE.fullmatch(text) else _("A code has up to 20 letters, figures and dashes")


def check_phone(text: str) -> str | None:
    """A number that can be dialled from China; empty is none."""
    if not text:
        return None
    digits = re.sub(r"\D", "", text)
    if text.startswith("1") and len(digits) != MOBILE_DIGITS:
        return _("A mobile number has 11 digits, this one has %(count)s") % {"count": len(digits)}
    try:
        is_possible = phonenumbers.is_possible_number(phonenumbers.parse(text, "CN"))
    except phonenumbers.NumberParseException:
        is_possible = False
    return None if is_possible else _("This is not a telephone number: %(text)s") % {"text": text[:20]}


def check_email(text: str) -> str | None:
    """An address with a name, an @ and a domain; empty is none."""
    if not text:
        return None
    try:
        validate_email(text)
    except ValidationError:
        return _("This is not an e-mail address: %(text)s") % {"text": text[:40]}
    return None
