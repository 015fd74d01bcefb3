"""What is watched before a season. Fields are named as the services' arguments."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outages.choices import Season
from outages.models import WatchItem
from outages.policies import PLANNERS
from outages.selectors.needs import Subject
from outages.selectors.watching import devices_like
from outages.services.watching import Plan
from staff.models import Member, Unit
from staff.selectors import scope_of

DAY = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


class PlanForm(forms.Form):
    """Why, what will be done, who, by when."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=gettext_lazy("Why it is watched"), max_length=200)
    measure = forms.CharField(
        label=gettext_lazy("What will be done"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("“Measure it in the evening, move two buildings to the next transformer”"),
    )  # fmt: skip
    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Unit"))
    member = forms.ModelChoiceField(Member.objects.none(), label=gettext_lazy("Who does it"))
    due_on = forms.DateField(label=gettext_lazy("To be done by"), widget=forms.DateInput(**DAY))

    def __init__(self, *args: Any, actor: Member, item: WatchItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = scope_of(actor).unit_ids(*PLANNERS)
        self.actor = actor
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=ids, is_active=True).order_by("path")
        people = Member.objects.filter(home_unit__in=ids, is_active=True).select_related("home_unit")
        self.fields["member"].queryset = people.order_by("pinyin", "pk")
        self.fields["member"].label_from_instance = lambda member: f"{member.name} · {member.home_unit.label}"
        self.initial.update({"request_id": uuid4()})
        if item:
            self.initial.update({"revision": item.revision, "unit": item.unit_id, "member": item.member_id})
            self.initial.update({name: getattr(item, name) for name in ("reason", "measure", "due_on")})
        else:
            self.initial.setdefault("unit", actor.home_unit_id)

    def plan(self) -> Plan:
        """What the services take."""
        names = ("unit", "reason", "measure", "member", "due_on")
        return Plan(**{name: self.cleaned_data[name] for name in names})

    def request(self) -> UUID:
        """The request this form stands for; a new one when it carries none."""
        return self.cleaned_data.get("request_id") or uuid4()


class WatchForm(PlanForm):
    """The same, of a thing that is not on the list yet."""

    season = forms.ChoiceField(label=gettext_lazy("Season"), choices=Season)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, help_text=gettext_lazy("In which it begins"))
    device = forms.CharField(
        label=gettext_lazy("Feeder or transformer"), max_length=60, help_text=gettext_lazy("Its code or its whole name")
    )
    field_order = ("season", "year", "device", "reason", "measure", "unit", "member", "due_on")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in (today.year - 1, today.year, today.year + 1)]

    def clean_device(self) -> Subject:
        """What the code or name stands for. Raises: ValidationError when it is nothing here, or several things."""
        found = devices_like(self.actor, self.cleaned_data["device"].strip())
        if not found:
            raise ValidationError(_("No feeder or transformer of your units has this code or name."))
        if len(found) > 1:
            codes = ", ".join(subject.code for subject in found)
            raise ValidationError(_("Several have this name; give the code: %(codes)s") % {"codes": codes})
        return found[0]


class DoneForm(forms.Form):
    """What was done, and when."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    outcome = forms.CharField(
        label=gettext_lazy("What was done"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=forms.DateInput(**DAY))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"request_id": uuid4()})

    def request(self) -> UUID:
        """The request this form stands for; a new one when it carries none."""
        return self.cleaned_data.get("request_id") or uuid4()
