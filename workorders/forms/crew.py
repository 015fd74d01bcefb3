"""What a crew fills in with wet gloves: as little as possible."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from common import timewords
from common.forms import InstantField
from common.widgets import Picks
from workorders.choices import Cause
from workorders.forms.acts.base import local

BEFORE_LEAVING = [
    ("cleared", _("Old wire and parts taken along")),
    ("tried", _("The customer has tried the light")),
    ("clean", _("The ground is clean")),
]
EARLIER_MIN = (5, 10, 20, 30)
OTHER = "other"


class FinishForm(forms.Form):
    """Done, power is back: the cause, what was done, what was seen to before leaving.

    The time is that of the press that opened the form, so that writing takes nothing from the promise.
    """

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
    at = InstantField(
        label=_("Since when"), required=False, help_text=_("When you pressed; change it if it was earlier.")
    )
    pressed_at = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, outside: bool, now: datetime, leaving: Sequence[str] = (), **kwargs: Any) -> None:
        start = {"at": local(now), "pressed_at": now.isoformat(), "leaving": list(leaving)}
        super().__init__(*args, initial=start, **kwargs)
        if not outside:  # work at a desk has no place where it was, and nobody sweeps the floor after it
            for name in ("cause", "leaving"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The second of the press, where its minute was left standing."""
        data = super().clean() or self.cleaned_data
        pressed, at = parse_datetime(data.get("pressed_at") or ""), data.get("at")
        if pressed and at and local(pressed) == local(at):
            data["at"] = pressed
        return data


def _ago(minutes: int) -> str:
    return str(_("%(span)s ago") % {"span": timewords.duration(timedelta(minutes=minutes))})


class LateEntryForm(forms.Form):
    """“I was there earlier”: how long ago, by one press; or the time itself."""

    ago = forms.ChoiceField(
        label=_("How long ago"),
        choices=[*((str(n), lazy(_ago, str)(n)) for n in EARLIER_MIN), (OTHER, _("At another time"))],
        widget=Picks(),
        error_messages={"required": _("Say when it was.")},
    )
    at = InstantField(label=_("At what time"), required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        ago = data.get("ago")
        if ago == OTHER and not data.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say when it was."))
        elif ago and ago != OTHER:
            data["at"] = self.now - timedelta(minutes=int(ago))
        return data


class PhotoForm(forms.Form):
    """One photo of one phase."""

    photo = forms.FileField(error_messages={"required": _("Take a photo first."), "empty": _("This photo is empty.")})
