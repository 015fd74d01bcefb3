"""Telling the customer that it will be late (req 21)."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import Refusal
from workorders import wording
from workorders.choices import LateReason, Verb
from workorders.services import telling
from workorders.services.change import Change, act


@act(Verb.TELL_LATE)
def tell_late(
    change: Change,
    *,
    reason: LateReason | str,
    words: str = "",
    new_time: datetime | None = None,
    next_news: datetime | None = None,
) -> None:
    """Tell the customer it will be late, before or after the promise passes: why, and the new time or the next news.

    Raises: `Refusal` without a reason in words or exactly one time to come, or when no promise is running.
    """
    order = change.order
    clock = order.promise_clock
    if clock is None or clock.due_at is None or clock.stopped_at is not None:
        raise Refusal(_("No promise to the customer is running on this order."))
    if (new_time is None) == (next_news is None):
        raise Refusal(_("Give the new time, or say it is not known and when there will be news."), field="new_time")
    if (new_time or next_news) <= change.now:
        raise Refusal(_("This time is past already."), field="new_time" if new_time else "next_news")
    if reason == LateReason.OTHER and not words.strip():
        raise Refusal(_("Write why; the customer reads it."), field="words")
    why = words.strip() or str(LateReason(reason).label)
    change.set(expected_at=new_time, next_news_at=next_news, late_reason=why, late_told_at=change.now)
    change.data |= {
        "reason": str(reason),
        "clock": clock.kind,
        "was_due": clock.due_at.isoformat(),
        "new_time": new_time.isoformat() if new_time else None,
        "next_news": next_news.isoformat() if next_news else None,
    }
    change.text = why
    change.is_public = True
    told = {"promise": lambda: wording.promise_words(clock, change.now)}
    told["reason"] = lambda: words.strip() or str(LateReason(reason).label)
    if new_time:
        change.tell(telling.to_customer("told_late_time", change, new_time=new_time, **told))
    else:
        change.tell(telling.to_customer("told_late_news", change, news_time=next_news, **told))
