"""Asking for storm mode."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import InstantField, OnceForm
from outages.policies import STORM_CALLERS
from staff.models import Member, Unit
from staff.selectors import scope_of


class StormForm(OnceForm):
    """Where, why, until when."""

    unit = forms.ModelChoiceField(Unit.objects, label=_("For"), empty_label=None)
    reason = forms.CharField(
        label=_("What is coming down on us"), max_length=200,
        error_messages={"required": _("Say what is coming down on us. Everybody will read it.")},
    )  # fmt: skip
    until = InstantField(label=_("Until"), help_text=_("At most 24 hours; then everything is as before by itself"))

    def __init__(self, *args: Any, actor: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(
            pk__in=scope_of(actor).unit_ids(*STORM_CALLERS), is_active=True
        ).order_by("path")
