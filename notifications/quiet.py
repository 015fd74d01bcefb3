"""Pure: until when a customer is left alone."""

from datetime import datetime, time, timedelta, tzinfo


def quiet_until(at: datetime, *, starts: time, ends: time, zone: tzinfo) -> datetime | None:
    """The end of the quiet hours that ``at`` falls in, or None when one may write now.

    Quiet hours are half-open [starts, ends) on the wall clock of ``zone`` and may cross midnight; equal ends mean none.
    """
    local = at.astimezone(zone)
    wall = local.time()
    if starts <= ends:
        inside, next_day = starts <= wall < ends, False
    else:
        inside, next_day = wall >= starts or wall < ends, wall >= starts
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if next_day else local.date()
    return datetime.combine(day, ends, tzinfo=zone)
