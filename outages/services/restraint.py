"""How often somebody without a login may ask for something."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from common.errors import Refusal
from outages.models import Asking

WITHIN = timedelta(minutes=10)
SEARCHES = 30  # of one client
REQUESTS = 6  # codes one client may have sent
CODES = 3  # codes one number may be sent


def restrain(act: str, *, who: str, most: int, now: datetime, field: str | None = None) -> None:
    """Count this act of ``who``, an address or a number, of which only a keyed hash is kept.

    Raises: `Refusal` when there were ``most`` of them within ten minutes; that one is not counted.
    """
    key = salted_hmac("outages.asking", who, algorithm="sha256").hexdigest()
    if Asking.objects.filter(act=act, who=key, at__gt=now - WITHIN).count() >= most:
        minutes = int(WITHIN.total_seconds() // 60)
        words = ngettext(
            "Too many tries. Try again in %(n)d minute.", "Too many tries. Try again in %(n)d minutes.", minutes
        )
        raise Refusal(words % {"n": minutes}, field=field)
    Asking.objects.create(act=act, who=key, at=now)


def forget_askings(*, now: datetime) -> int:
    """Let go of what no longer counts; return how much."""
    return Asking.objects.filter(at__lt=now - WITHIN).delete()[0]
