"""Forms of the administrator's pages."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from common.timewords import WEEKDAYS
from common.widgets import Picks
from staff.choices import Role
from staff.forms.own import clean_phone
from staff.models import Member, Unit
from staff.words import check_code, check_staff_no


class UnitField(forms.ModelChoiceField):
    """A unit, written under the units above it by indentation."""

    def label_from_instance(self, unit: Unit) -> str:
        return "\u3000" * (unit.depth - 1) + unit.label


class MemberField(forms.ModelChoiceField):
    """A member, with staff number."""

    def label_from_instance(self, member: Member) -> str:
        return f"{member.name} · {member.staff_no}"


class UnitForm(forms.ModelForm):
    """What a unit is; its place in the tree has a form of its own."""

    class Meta:
        model = Unit
        fields = ["name", "name_en", "code", "kind", "area_class", "capacity", "phone"]
        widgets = {"area_class": Picks(), "phone": forms.TextInput(attrs={"inputmode": "tel"})}
        help_texts = {
            "code": _("Short and for good: reports and imports name the unit by it"),
            "capacity": _("Above this the dispatch board says the unit is full"),
        }

    def clean_phone(self) -> str:
        """A number that can be dialled."""
        return clean_phone(self.cleaned_data["phone"])

    def clean_code(self) -> str:
        """Capitals, letters and figures."""
        text = self.cleaned_data["code"].strip().upper()
        fault = check_code(text)
        if fault:
            raise forms.ValidationError(fault)
        return text

    def validate_unique(self) -> None:
        """Left to the service, which says it in plainer words."""


class MoveForm(forms.Form):
    """Where the unit goes."""

    parent = UnitField(label=_("Under which unit"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units


class MemberForm(forms.Form):
    """A member's data; the staff number is asked once, when they are taken on."""

    staff_no = forms.CharField(label=_("Staff number"), max_length=20, help_text=_("The login; it stays for life"))
    name = forms.CharField(label=_("Name"), max_length=40)
    home_unit = UnitField(label=_("Unit"), queryset=Unit.objects.none())
    post = forms.CharField(label=_("Post"), max_length=40, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_unit"].queryset = units
        if not is_new:
            del self.fields["staff_no"]

    def clean_staff_no(self) -> str:
        """Capitals, letters and figures."""
        text = self.cleaned_data["staff_no"].strip().upper()
        fault = check_staff_no(text)
        if fault:
            raise forms.ValidationError(fault)
        return text

    def clean_phone(self) -> str:
        """A number that can be dialled."""
        return clean_phone(self.cleaned_data["phone"])


class GrantForm(forms.Form):
    """A role in a unit."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = UnitField(label=_("In which unit"), queryset=Unit.objects.none(), help_text=_("It reaches all units below"))

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class GrantHereForm(forms.Form):
    """A role in the unit whose page this is."""

    staff_no = forms.CharField(label=_("Staff number"), max_length=20)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class LeaveForm(forms.Form):
    """Who takes what the leaving member holds."""

    successor = MemberField(label=_("Who takes it"), queryset=Member.objects.none(), required=False)

    def __init__(self, *args: Any, members: QuerySet[Member], must_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        field.queryset, field.required = members, must_name
        groups: dict[str, list[tuple[int, str]]] = {}  # by unit, in the order the members come: their own first
        for member in members:
            groups.setdefault(member.home_unit.label, []).append((member.pk, field.label_from_instance(member)))
        field.choices = [("", "—"), *groups.items()]


class ImportForm(forms.Form):
    """The file."""

    file = forms.FileField(label=_("CSV or XLSX file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}))


class ClockField(forms.TimeField):
    """A time of the day as it is typed here: 8:00, 0800, 20：30, 24:00 (a browser's own control would ask AM or PM)."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "08:00", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H%M"], **kwargs)
        self.error_messages["invalid"] = _("Write the time like 08:00")

    def to_python(self, value: Any) -> time | None:
        text = str(value or "").strip().replace("：", ":")
        return super().to_python("00:00" if text in ("24:00", "2400") else text)


class ShiftForm(forms.Form):
    """A shift on one or more days of the week shown; an end not after the start is the next day's."""

    member = MemberField(label=_("Who"), queryset=Member.objects.none())
    days = forms.TypedMultipleChoiceField(label=_("Days"), coerce=int, widget=forms.CheckboxSelectMultiple)
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("To"), help_text=_("The same or an earlier time is that of the next day"))

    def __init__(self, *args: Any, members: QuerySet[Member], monday: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.monday = monday
        self.fields["member"].queryset = members
        self.fields["days"].choices = list(enumerate(WEEKDAYS))

    @property
    def spells(self) -> list[tuple[datetime, datetime]]:
        """The shifts asked for, as instants."""
        return [spell(self.monday, day, self.cleaned_data["starts"], self.cleaned_data["ends"])
                for day in self.cleaned_data["days"]]  # fmt: skip


def spell(monday: datetime, day: int, starts: time, ends: time) -> tuple[datetime, datetime]:
    """From one time of the day to the other, on the ``day``-th day after ``monday``, over midnight where it must be."""
    zone = get_current_timezone()
    on = monday.date() + timedelta(days=day)
    until = on if ends > starts else on + timedelta(days=1)
    return datetime.combine(on, starts, zone), datetime.combine(until, ends, zone)
