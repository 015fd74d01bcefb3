"""Filters of the customers room's lists."""

from datetime import datetime, time, timedelta

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import DateInput, TextInput
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.choices import CustomerKlass, Flag, Importance, KeyAccount, Purpose, Secrecy
from customers.models import Area, Customer, SupplyPoint, ViewLog
from customers.selectors.files import reach_of

IMPORTANT = [("any", _("Any grade")), *(choice for choice in Importance.choices if choice[0] != Importance.NONE)]
KEY = [("any", _("Any grade")), *(choice for choice in KeyAccount.choices if choice[0] != KeyAccount.NONE)]
LEVELS = [choice for choice in Secrecy.choices if choice[0] != Secrecy.NONE]
FLAGS = [("any", _("Anything")), *Flag.choices]
QUARTER_DAYS = 92  # files are verified every quarter (req 9)
VERIFIED = [("due", _("Due again")), ("done", _("This quarter"))]


def areas_seen(request: HttpRequest) -> QuerySet[Area]:
    """The areas this person finds customers in, for a choice."""
    reach = reach_of(request.user)
    return Area.objects.all() if reach.areas is None else Area.objects.filter(pk__in=reach.areas)


class CustomerFilter(filters.FilterSet):
    """By category, grades, what to take care with, area and verification."""

    klass = filters.ChoiceFilter(label=_("Usage category"), choices=CustomerKlass.choices, empty_label=_("All"))
    flag = filters.ChoiceFilter(label=_("Take care"), choices=FLAGS, method="by_flag", empty_label=_("All"))
    importance = filters.ChoiceFilter(
        label=_("Important user"), choices=IMPORTANT, method="by_grade", empty_label=_("All")
    )
    key_account = filters.ChoiceFilter(label=_("Key account"), choices=KEY, method="by_grade", empty_label=_("All"))
    area = filters.ModelChoiceFilter(
        label=_("Area"), queryset=areas_seen, to_field_name="code", method="by_area", empty_label=_("All")
    )
    secrecy_level = filters.ChoiceFilter(label=_("Secrecy level"), choices=LEVELS, empty_label=_("All"))
    verified = filters.ChoiceFilter(label=_("Verified"), choices=VERIFIED, method="by_check", empty_label=_("All"))

    class Meta:
        model = Customer
        fields: list[str] = []

    def by_flag(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those with this flag, or with any."""
        return rows.exclude(flags=[]) if value == "any" else rows.exclude(flags=[]).filter(flags__contains=[value])

    def by_grade(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those of this grade, or of any."""
        return (
            rows.exclude(**{name: "none"}) if value == "any" else rows.exclude(**{name: "none"}).filter(**{name: value})
        )

    def by_area(self, rows: QuerySet, name: str, area: Area | None) -> QuerySet:
        """Those with a supply point in the area."""
        if area is None:
            return rows
        return rows.filter(Exists(SupplyPoint.objects.filter(customer=OuterRef("pk"), transformer__area=area)))

    def by_check(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """By the quarter in which the file was verified."""
        since = timezone.localdate() - timedelta(days=QUARTER_DAYS)
        return rows.filter(verified_on__gte=since) if value == "done" else rows.exclude(verified_on__gte=since)


class ViewFilter(filters.FilterSet):
    """Looks at masked data: by member, account, purpose and day."""

    who = filters.CharFilter(label=_("Name or staff number"), method="by_member", widget=TextInput({"type": "search"}))
    account = filters.CharFilter(label=_("Account number"), field_name="customer__account_no")
    purpose = filters.ChoiceFilter(label=_("What for"), choices=Purpose.choices, empty_label=_("All"))
    since = filters.DateFilter(label=_("From"), method="from_day", widget=DateInput({"type": "date"}))
    until = filters.DateFilter(label=_("To"), method="to_day", widget=DateInput({"type": "date"}))

    class Meta:
        model = ViewLog
        fields: list[str] = []

    def by_member(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        """By name, or the staff number when it looks like one."""
        text = text.strip()
        return rows.filter(actor__staff_no__iexact=text) if text.isascii() else rows.filter(actor__name__contains=text)

    def from_day(self, rows: QuerySet, name: str, day) -> QuerySet:
        """From the beginning of the day."""
        return rows.filter(at__gte=_midnight(day))

    def to_day(self, rows: QuerySet, name: str, day) -> QuerySet:
        """To the end of the day."""
        return rows.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
