"""Addresses of the work calendar; `staff.urls` includes them."""

from datetime import date

from django.urls import path, register_converter

from staff.views import calendar as views


class DayConverter:
    """A day in an address: 2026-10-01."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # ValueError: no such address

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("settings/calendar/", views.calendar, name="calendar"),
    path("settings/calendar/load/", views.calendar_load, name="calendar_load"),
    path("settings/calendar/<int:year>.csv", views.calendar_file, name="calendar_file"),
    path("settings/calendar/<day:day>/", views.calendar_day, name="calendar_day"),
]
