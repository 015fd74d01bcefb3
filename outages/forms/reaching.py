"""Reaching people on paper and by telephone. Fields are named as the services' arguments."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import when
from common.widgets import Picks
from customers.models import Area
from outages.models import CallResult

PHOTOS = "image/jpeg,image/png,image/webp"


class _OnceForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("request_id", uuid4())

    def request(self) -> UUID:
        """The request this form stands for; a new one when it carries none."""
        return self.cleaned_data.get("request_id") or uuid4()


class PostingForm(_OnceForm):
    """Where a poster hangs."""

    area = forms.ModelChoiceField(
        Area.objects, label=_("Area"), to_field_name="code", empty_label=None,
        error_messages={"invalid_choice": _("This outage takes in nothing there."), "required": _("Choose the area.")},
    )  # fmt: skip
    place = forms.CharField(
        label=_("Where it hangs"), max_length=80, help_text=_("So that somebody can find it: “gate of block 3”"),
        error_messages={"required": _("Say where it hangs, so that somebody can find it.")},
    )  # fmt: skip
    at = when(_("Hangs since"))
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": PHOTOS, "capture": "environment"}),
        help_text=_("Shows that it hangs; place and time hidden in the picture are taken out."),
    )  # fmt: skip

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.filter(pk__in=[area.pk for area in areas]).order_by("code")


class CallForm(_OnceForm):
    """What came of a call."""

    result = forms.ChoiceField(
        label=_("What came of it"), choices=CallResult, widget=Picks(),
        error_messages={"required": _("Pick what came of it; one press.")},
    )  # fmt: skip
    text = forms.CharField(label=_("What they said"), max_length=200, required=False)
