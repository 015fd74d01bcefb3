"""Filters of the list of outgoing messages."""

from datetime import date, datetime, time, timedelta

import django_filters as filters
from django.db.models import QuerySet
from django.forms import DateInput, TextInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.choices import WAITING, Channel, MessageState
from notifications.models import Message

STATES = [
    ("waiting", _("Waiting or trying again")),
    (MessageState.SENT.value, MessageState.SENT.label),
    (MessageState.FAILED.value, MessageState.FAILED.label),
    (MessageState.WITHHELD.value, MessageState.WITHHELD.label),
    (MessageState.IN_FLIGHT.value, MessageState.IN_FLIGHT.label),
]


def day_input() -> DateInput:
    """A day as browsers ask for one."""
    return DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MessageFilter(filters.FilterSet):
    """By state, channel, kind, what it is about, and when it was written."""

    about = filters.CharFilter(label=_("About order"), method="by_about", widget=TextInput({"type": "search"}))
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("All"))
    channel = filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices, empty_label=_("All"))
    kind = filters.ChoiceFilter(
        label=_("Kind"), choices=lambda: [(kind.code, kind.label) for kind in kinds.every()], empty_label=_("All")
    )
    since = filters.DateFilter(label=_("From"), method="from_day", widget=day_input())
    until = filters.DateFilter(label=_("To"), method="to_day", widget=day_input())

    class Meta:
        model = Message
        fields: list[str] = []

    def by_about(self, rows: QuerySet, name: str, code: str) -> QuerySet:
        return rows.filter(about=code.strip().upper())

    def by_state(self, rows: QuerySet, name: str, state: str) -> QuerySet:
        return rows.filter(state__in=WAITING) if state == "waiting" else rows.filter(state=state)

    def from_day(self, rows: QuerySet, name: str, day: date) -> QuerySet:
        return rows.filter(created_at__gte=_midnight(day))

    def to_day(self, rows: QuerySet, name: str, day: date) -> QuerySet:
        return rows.filter(created_at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
