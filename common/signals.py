"""What the common room says to those above.

``calendar_changed`` is sent inside the transaction that changes the work calendar, with ``change``
(`common.services.calendar.CalendarChange`), ``actor`` and ``now``: whoever keeps due instants may recompute them.
``calendar_preview`` is sent before, with ``planned`` (the `common.calendars.CompanyCalendar` as it would be), ``days``
and ``now``; it changes nothing. To both, a receiver may answer with one sentence about what moves.
"""

from django.dispatch import Signal

calendar_changed = Signal()
calendar_preview = Signal()
