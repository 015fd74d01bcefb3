"""Saying what the grid needs. Fields are named as the services' arguments."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy

from outages.models import GridNeed
from outages.services.needs import Word

NEEDED = [("yes", gettext_lazy("It needs a grid project")), ("no", gettext_lazy("It needs none, or it is built"))]


class NeedForm(forms.Form):
    """Whether, what, for when."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_needed = forms.ChoiceField(
        label=gettext_lazy("Grid project"), choices=NEEDED, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of them.")},
    )  # fmt: skip
    project = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Or, when it needs none any more, what was done"),
    )  # fmt: skip
    promised_on = forms.DateField(
        label=gettext_lazy("Promised for"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Past this day it stands among the overdue ones"),
    )  # fmt: skip

    def __init__(self, *args: Any, held: GridNeed | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"request_id": uuid4()})
        if held:
            begin: dict[str, Any] = {"after": held.pk, "is_needed": "yes" if held.is_needed else "no"}
            if held.is_needed:
                begin |= {"project": held.project, "promised_on": held.promised_on}
            self.initial.update(begin)

    def word(self) -> Word:
        """What the service takes."""
        data = self.cleaned_data
        is_needed = data["is_needed"] == "yes"
        return Word(is_needed, data["project"].strip(), data["promised_on"] if is_needed else None)

    def request(self) -> UUID:
        """The request this form stands for; a new one when it carries none."""
        return self.cleaned_data.get("request_id") or uuid4()
