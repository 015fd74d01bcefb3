"""Asking to see what is masked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.choices import Purpose, Secret


class RevealForm(forms.Form):
    """What, and what for."""

    fields_wanted = forms.MultipleChoiceField(choices=Secret.choices)
    purpose = forms.ChoiceField(
        label=_("What for"), choices=Purpose.choices, error_messages={"required": _("Say what you need it for.")}
    )
