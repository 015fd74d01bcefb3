"""A year, one of its quarters or months, as people choose and write it: “2026”, “2026-Q4”, “2026-11”."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext as _

from common.timewords import MONTHS

QUARTERS = range(1, 5)
KEY = re.compile(r"^(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?$", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """Whole days of the company's zone, from ``first`` up to, and without, ``after``. Nought: no quarter, no month."""

    year: int
    quarter: int = 0
    month: int = 0

    @classmethod
    def parse(cls, key: str) -> Self:
        """The period of a key. Raises: ValueError for what is none."""
        found = KEY.match(key)
        if found is None:
            raise ValueError(f"{key!r} is no year, quarter or month")
        return cls(*(int(part or 0) for part in found.group("year", "quarter", "month")))

    @property
    def key(self) -> str:
        """“2026”, “2026-Q4”, “2026-11”; each sorts behind the one before it."""
        if self.quarter:
            return f"{self.year}-Q{self.quarter}"
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def months(self) -> list["Period"]:
        """The months it has."""
        if self.month:
            return [self]
        begin, count = (3 * self.quarter - 2, 3) if self.quarter else (1, 12)
        return [Period(self.year, month=month) for month in range(begin, begin + count)]

    @property
    def quarters(self) -> list["Period"]:
        """The quarters that a month of it is in."""
        return [Period(self.year, quarter=number) for number in sorted({(p.month + 2) // 3 for p in self.months})]

    @cached_property
    def first(self) -> date:
        return date(self.year, self.months[0].month, 1)

    @cached_property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @cached_property
    def after(self) -> date:
        month = self.months[-1].month
        return date(self.year + month // 12, month % 12 + 1, 1)

    @cached_property
    def start(self) -> datetime:
        """The first instant."""
        return midnight(self.first)

    @cached_property
    def end(self) -> datetime:
        """The first instant after it."""
        return midnight(self.after)

    @property
    def label(self) -> str:
        """“2026”, “quarter 4 of 2026”, “Nov 2026”."""
        if self.quarter:
            return _("Quarter %(n)d of %(year)d") % {"n": self.quarter, "year": self.year}
        if self.month:
            return _("%(month)s %(year)d") % {"month": MONTHS[self.month - 1], "year": self.year}
        return str(self.year)

    @property
    def short(self) -> str:
        """The same where the year is known: “Q4”, “Nov”."""
        if self.quarter:
            return _("Q%(n)d") % {"n": self.quarter}
        return str(MONTHS[self.month - 1]) if self.month else str(self.year)


def midnight(day: date) -> datetime:
    """The first instant of a day, in the company's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
