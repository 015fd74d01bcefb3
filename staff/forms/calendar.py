"""Forms of the work calendar."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.choices import CLOSED_KINDS, OPEN_KINDS, DayKind, YearStatus
from common.errors import Refusal
from common.widgets import Picks
from common.workdays import DayPlan, Spells, parse_spells, read_year, write_spells

MOST_BYTES = 200_000


class DayForm(forms.Form):
    """What one day is. Days off have no hours, whatever stands in the field; empty hours are the ordinary ones."""

    kind = forms.ChoiceField(label=_("Kind of day"), choices=DayKind.choices)
    hours = forms.CharField(
        label=_("Working hours"),
        required=False,
        max_length=100,
        help_text=_("For example 08:00-12:00 14:00-18:00. Empty means the ordinary hours; days off have none."),
    )
    note = forms.CharField(
        label=pgettext_lazy("of a day", "Name"), required=False, max_length=60, help_text=_("For example 春节")
    )

    def __init__(self, *args: Any, ordinary: Spells, plan: DayPlan | None = None, **kwargs: Any) -> None:
        if plan is not None:
            kwargs["initial"] = {"kind": plan.kind, "hours": write_spells(plan.spells), "note": plan.note}
        super().__init__(*args, **kwargs)
        self.ordinary = ordinary

    def clean(self) -> dict[str, Any]:
        """Add ``spells`` to what was cleaned."""
        data = super().clean() or {}
        kind = data.get("kind")
        try:
            spells = () if kind in CLOSED_KINDS else parse_spells(data.get("hours", ""))
        except Refusal as refusal:
            self.add_error("hours", str(refusal.message))
            return data
        data["spells"] = self.ordinary if kind in OPEN_KINDS and not spells else spells
        return data

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's no beside the field it belongs to."""
        field = {"spells": "hours"}.get(refusal.field or "", refusal.field)
        self.add_error(field if field in self.fields else None, str(refusal.message))


class YearForm(forms.Form):
    """A year's file, and what it is."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2199)
    file = forms.FileField(
        label=_("File"),
        validators=[FileExtensionValidator(["csv", "xlsx"])],
        help_text=_("CSV or XLSX with the columns day, kind, spells, note; days not named are ordinary."),
    )
    source = forms.CharField(label=_("Source"), max_length=200, help_text=_("The notice, with its number and date"))
    status = forms.ChoiceField(label=_("This file is"), choices=YearStatus.choices, widget=Picks())

    def clean_file(self) -> Any:
        """The rows of the file, as read."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("A year's file is small; this one is not."))
        try:
            self.cleaned_data["rows"] = read_year(upload)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message))
        return upload

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's no beside the field it belongs to."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal.message))


class ConfirmYearForm(YearForm):
    """The same, once it was looked at: the file has become text that travels with the page."""

    file = forms.CharField(max_length=MOST_BYTES, widget=forms.HiddenInput)  # type: ignore[assignment]
    year = forms.IntegerField(min_value=2000, max_value=2199, widget=forms.HiddenInput)
    source = forms.CharField(max_length=200, widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=YearStatus.choices, widget=forms.HiddenInput)

    def clean_file(self) -> str:
        """The rows of the text, as read."""
        content = self.cleaned_data["file"]
        try:
            self.cleaned_data["rows"] = read_year(SimpleUploadedFile("year.csv", content.encode()))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message))
        return content
