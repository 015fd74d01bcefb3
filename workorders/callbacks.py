"""When a customer counts as called back. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from workorders.choices import CallBackResult

TRIES_BEFORE_GIVING_UP = 3  # standards A7.18 [B]: at different times, then “not reached”
TRY_GAP = timedelta(hours=1)

Try = tuple[str, datetime]  # result, when


def is_called_back(tries: Iterable[Try]) -> bool:
    """Somebody spoke to the customer, or it was tried often enough."""
    tries = list(tries)
    return any(result != CallBackResult.NOT_REACHED for result, _at in tries) or tried_enough(tries)


def tried_enough(tries: Iterable[Try]) -> bool:
    """Three attempts without reaching the customer, an hour apart at least."""
    counted: list[datetime] = []
    for at in sorted(at for result, at in tries if result == CallBackResult.NOT_REACHED):
        if not counted or at - counted[-1] >= TRY_GAP:
            counted.append(at)
    return len(counted) >= TRIES_BEFORE_GIVING_UP
