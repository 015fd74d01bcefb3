"""Phone numbers as people say them, kept as digits. Pure."""

import re

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType

from common.errors import Refusal

MOBILE_DIGITS = 11
REGION = "CN"
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def clean_phone(text: str, *, field: str = "phone") -> str:
    """The digits of a phone number: a mobile as 11 digits, a landline with its area code, foreign ones with 00.

    Raises: Refusal on ``field``, saying in one sentence how to mend it.
    """
    bare = re.sub(r"[\s\-()（）－.·]", "", text.strip())
    bare = re.sub(r"^(?:\+|00)86(?=1\d{10}$|0?\d{9,11}$)", "", bare)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    if not re.fullmatch(r"\+?\d+", bare):
        raise Refusal(_("A phone number has only digits. Check what stands between them."), field=field)
    if bare.startswith("+"):
        return _foreign(bare, field)
    if bare.startswith("1"):
        return _mobile(bare, field)
    return _landline(bare, field)


def _mobile(digits: str, field: str) -> str:
    if len(digits) != MOBILE_DIGITS:
        raise Refusal(_("A mobile number has 11 digits, this one has %(n)s.") % {"n": len(digits)}, field=field)
    number = phonenumbers.parse(digits, REGION)
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in MOBILE:
        raise Refusal(_("No mobile number begins with %(start)s. Ask again.") % {"start": digits[:3]}, field=field)
    return digits


def _landline(digits: str, field: str) -> str:
    if len(digits) <= 8:
        raise Refusal(_("A landline needs its area code, for example 0717-6221234."), field=field)
    if not _valid(digits):
        raise Refusal(_("This is no number that exists. Check the area code and the digits."), field=field)
    return digits


def _foreign(text: str, field: str) -> str:
    if not _valid(text):
        raise Refusal(_("This is no number that exists. Check the country code and the digits."), field=field)
    return "00" + text[1:]


def _valid(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, REGION))
    except phonenumbers.NumberParseException:
        return False
