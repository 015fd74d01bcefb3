"""Filters of the staff room's lists."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import DateInput, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff.choices import AuditAct, Role
from staff.directory import visible_units
from staff.forms.administration import UnitField
from staff.models import AuditEntry, Member, RoleGrant, Unit

STATES = [("gone", _("Deactivated")), ("all", _("All"))]


def units_seen(request: HttpRequest) -> QuerySet[Unit]:
    """The units this person sees, for a choice."""
    return visible_units(request.user)


class UnitFilter(filters.ModelChoiceFilter):
    """A unit with all below it."""

    field_class = UnitField

    def filter(self, rows: QuerySet, unit: Unit | None) -> QuerySet:
        return rows.filter(**{f"{self.field_name}__path__startswith": unit.path}) if unit else rows


class MemberFilter(filters.FilterSet):
    """By name, sound, number or phone; by unit, role and state. Members in service unless asked."""

    q = filters.CharFilter(
        label=_("Name, pinyin, number, phone"), method="by_text", widget=TextInput({"type": "search"})
    )
    unit = UnitFilter(
        label=_("Unit"), field_name="home_unit", queryset=units_seen, to_field_name="code", empty_label=_("All")
    )
    role = filters.ChoiceFilter(label=_("Role"), choices=Role.choices, method="by_role", empty_label=_("All"))
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("In service"))

    class Meta:
        model = Member
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Those in service, unless the state says otherwise."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(is_active=True)

    def by_text(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        for word in text.split():
            sound = Q(pinyin__contains=word.lower()) if word.isascii() else Q()
            rows = rows.filter(
                Q(name__contains=word) | Q(staff_no__startswith=word.upper()) | Q(phone__contains=word) | sound
            )
        return rows

    def by_role(self, rows: QuerySet, name: str, role: str) -> QuerySet:
        return rows.filter(pk__in=RoleGrant.objects.filter(role=role).values("member"))

    def by_state(self, rows: QuerySet, name: str, state: str) -> QuerySet:
        return rows.filter(is_active=False) if state == "gone" else rows


class AuditFilter(filters.FilterSet):
    """By who, on whom, what and when."""

    who = filters.CharFilter(label=_("Who"), method="by_actor", widget=TextInput({"type": "search"}))
    on = filters.CharFilter(label=_("On"), method="by_subject", widget=TextInput({"type": "search"}))
    act = filters.ChoiceFilter(label=_("What"), choices=AuditAct.choices, empty_label=_("All"))
    from_day = filters.DateFilter(
        label=_("From"), field_name="at", lookup_expr="date__gte", widget=DateInput({"type": "date"})
    )
    to_day = filters.DateFilter(
        label=_("To"), field_name="at", lookup_expr="date__lte", widget=DateInput({"type": "date"})
    )

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_actor(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        return rows.filter(Q(actor__staff_no=text.strip().upper()) | Q(actor__name__contains=text.strip()))

    def by_subject(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        return rows.filter(Q(subject_key=text.strip().upper()) | Q(subject_name__contains=text.strip()))
