"""What a crew fills in with wet gloves: as little as possible."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.widgets import Picks
from workorders.choices import Cause

BEFORE_LEAVING = [
    ("cleared", _("Old wire and parts taken along")),
    ("tried", _("The customer has tried the light")),
    ("clean", _("The ground is clean")),
]


class FinishForm(forms.Form):
    """Done, power is back: the cause, what was done, what was seen to before leaving."""

    cause = forms.ChoiceField(
        label=_("Where it was"),
        choices=Cause,
        widget=Picks(),
        error_messages={"required": _("Pick where it was; one press.")},
    )
    result = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("One sentence; the desk answers the customer from it.")},
    )
    leaving = forms.MultipleChoiceField(
        label=_("Before leaving"), choices=BEFORE_LEAVING, required=False, widget=forms.CheckboxSelectMultiple
    )
    at = forms.DateTimeField(
        label=_("Earlier than now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Only if it happened earlier"),
    )


class LateEntryForm(forms.Form):
    """“I was there earlier”: a late entry says when."""

    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Say when it was.")},
    )
