"""A written notice that was taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import when
from workorders.uploads import ACCEPT


class HandOverForm(forms.Form):
    """Who took it, when, and what shows it."""

    notice_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    taken_by = forms.CharField(
        label=_("Who took it"), max_length=60, error_messages={"required": _("Write who took it, with their office.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    at = when(_("When"))
    proof = forms.FileField(
        label=_("Photo of the signed notice"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT, "capture": "environment"}),
        error_messages={"required": _("Take a photo of the signature, or choose the signed paper as PDF.")},
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "hand_%s")
        super().__init__(*args, **kwargs)
