"""Where the pages of an order are.

Django's ``reverse`` builds and checks an address anew each time, and a list asks for three a row; a code needs no
quoting, so the form of an address is found once and filled in.
"""

from functools import cache

from django.urls import get_script_prefix, reverse

ANY_CODE, ANY_ACT = "CODE", "ACT"


def order_url(code: str) -> str:
    """The page of an order."""
    return _form("workorders:detail", (ANY_CODE,), get_script_prefix()).replace(ANY_CODE, code)


def act_url(code: str, act: str) -> str:
    """The page of one act on it; ``act`` as it stands in an address: ``call-back``."""
    form = _form("workorders:act", (ANY_CODE, ANY_ACT), get_script_prefix())
    return form.replace(ANY_ACT, act).replace(ANY_CODE, code)


@cache
def _form(name: str, args: tuple[str, ...], _prefix: str) -> str:
    return reverse(name, args=args)
