"""Pure: how an address is shown to people who need not know it."""

import re

SMS_ADDRESS = re.compile(r"\+?[0-9]{5,20}\Z")


def is_phone(address: str) -> bool:
    """Whether a gateway could dial this: 5 to 20 digits, perhaps after a plus sign."""
    return bool(SMS_ADDRESS.match(address))


def masked(address: str) -> str:
    """139 **** 2716, or c***@example.org; short ones are hidden whole."""
    if "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    digits = re.sub(r"\D", "", address)
    if len(digits) < 8:
        return "****"
    return f"{digits[:3]} **** {digits[-4:]}"
