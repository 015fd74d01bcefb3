"""What people type about a customer, made ready for the file. Pure; each refusal names the field and how to mend it."""

from django.utils.translation import gettext as _

from common.errors import Refusal
from customers.addresses import Place, split_door
from customers.models.customer import ACCOUNT_DIGITS, ADDRESS_CHARS, DOOR_CHARS, METER_CHARS, NAME_CHARS


def clean_name(text: str) -> str:
    """The name without odd spaces. Raises: Refusal when it is empty or too long."""
    name = " ".join(text.split())
    if not name:
        raise Refusal(_("Write the name."), field="name")
    if len(name) > NAME_CHARS:
        raise Refusal(_("A name has at most %(n)s characters.") % {"n": NAME_CHARS}, field="name")
    return name


def clean_account(text: str) -> str:
    """Ten digits or nothing. Raises: Refusal."""
    digits = "".join(text.split())
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == ACCOUNT_DIGITS):
        raise Refusal(
            _("An account number has 10 digits, this one has %(n)s.") % {"n": len(digits)}, field="account_no"
        )
    return digits


def clean_meter(text: str) -> str:
    """A meter number in capitals without spaces. Raises: Refusal."""
    meter_no = "".join(text.split()).upper()
    if len(meter_no) > METER_CHARS or (meter_no and not (meter_no.isascii() and meter_no.isalnum())):
        raise Refusal(
            _("A meter number has digits and letters only, at most %(n)s.") % {"n": METER_CHARS}, field="meter_no"
        )
    return meter_no


def clean_place(address: str, door: str) -> Place:
    """The address without its door. Raises: Refusal when it is empty or too long."""
    place = split_door(address, door)
    if not place.street:
        raise Refusal(_("Write the address."), field="address")
    if len(place.street) > ADDRESS_CHARS or len(place.door) > DOOR_CHARS:
        raise Refusal(_("An address has at most %(n)s characters.") % {"n": ADDRESS_CHARS}, field="address")
    return place
