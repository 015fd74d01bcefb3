"""Putting a caller to a known outage."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Refusal
from customers import masking


class AttachForm(forms.Form):
    """A caller who is put to a known outage."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone to be told at"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    text = forms.CharField(label=gettext_lazy("What they said"), max_length=200, required=False)

    def __init__(self, *args: Any, on_file: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_file = on_file
        self.initial.update({"request_id": uuid4(), "phone": masking.phone(on_file) if on_file else ""})
        if on_file:
            self.fields["phone"].help_text = _("Left alone, the one on file is used")

    def clean_phone(self) -> str:
        """The one on file when it was left alone. Raises: ValidationError for what is no number."""
        try:
            return masking.typed_phone(self.cleaned_data["phone"], on_file=self.on_file, field="phone")
        except Refusal as refusal:
            raise ValidationError(str(refusal.message)) from refusal
