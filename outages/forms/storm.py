"""Asking for storm mode."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import InstantField
from outages.policies import STORM_CALLERS
from staff.models import Member, Unit
from staff.selectors import scope_of


class StormForm(forms.Form):
    """Where, why, until when. Fields are named as the service's arguments."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    unit = forms.ModelChoiceField(Unit.objects, label=_("For"), empty_label=None)
    reason = forms.CharField(
        label=_("What is coming down on us"), max_length=200,
        error_messages={"required": _("Say what is coming down on us. Everybody will read it.")},
    )  # fmt: skip
    until = InstantField(label=_("Until"), help_text=_("At most 24 hours; then everything is as before by itself"))

    def __init__(self, *args: Any, actor: Member, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("request_id", uuid4())
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(
            pk__in=scope_of(actor).unit_ids(*STORM_CALLERS), is_active=True
        ).order_by("path")

    def clean_request_id(self) -> Any:
        return self.cleaned_data["request_id"] or uuid4()
