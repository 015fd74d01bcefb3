"""One small form for each act. Fields are named as the services' arguments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from common.forms import InstantField, OnceForm, when
from customers.models import Transformer
from outages.choices import Verb
from outages.models import Outage


class ActForm(OnceForm):
    """An act on an outage as somebody saw it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, outage: Outage, now: datetime, **kwargs: Any) -> None:
        self.outage, self.now = outage, now
        super().__init__(*args, initial={"revision": outage.revision}, **kwargs)


class ReasonForm(ActForm):
    """Why; those who were told will read it."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ApproveForm(ActForm):
    """Nothing to fill in, unless it would be announced too late."""

    late_reason = forms.CharField(
        label=gettext_lazy("Why it has to be announced late"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only if it is too late by the rules; it is counted"),
    )


class _UntilForm(ActForm):
    expected_at = InstantField(label=gettext_lazy("Power back by"), required=False)
    next_news_at = InstantField(
        label=gettext_lazy("Not known; news by"),
        required=False,
        help_text=gettext_lazy("An honest “not known yet” keeps a promise too: when people hear more"),
    )


class BeginForm(_UntilForm):
    """Since when, until when."""

    at = when(gettext_lazy("Off since"))
    field_order = ("at", "expected_at", "next_news_at")


class EstimateForm(ReasonForm, _UntilForm):
    """Another time, or when there will be news."""

    field_order = ("expected_at", "next_news_at", "reason")


class PostponeForm(ReasonForm):
    """Another window; without one it is put off to nobody knows when."""

    starts_at = InstantField(label=gettext_lazy("From"), required=False)
    ends_at = InstantField(label=gettext_lazy("To"), required=False)
    field_order = ("starts_at", "ends_at", "reason")


class BackForm(ActForm):
    """Since when the power is back."""

    at = when(gettext_lazy("Back since"))


class PartForm(BackForm):
    """Which transformers are back."""

    transformers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Back on"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick what has power again.")},
    )  # fmt: skip
    field_order = ("transformers", "at")

    def prepare(self) -> None:
        off = self.outage.steps.filter(restored_at__isnull=True).first()
        boxes = Transformer.objects.filter(pk__in=off.transformers if off else []).order_by("code")
        self.fields["transformers"].choices = [(box.pk, f"{box.name} · {box.code}") for box in boxes]


class ReviewForm(ActForm):
    """What is to be learnt from it."""

    text = forms.CharField(
        label=gettext_lazy("What is to be learnt from it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


FORMS: Mapping[Verb, type[ActForm]] = {
    Verb.CHECK: ActForm,
    Verb.APPROVE: ApproveForm,
    Verb.SEND_BACK: ReasonForm,
    Verb.PUBLISH: ActForm,
    Verb.BEGIN: BeginForm,
    Verb.ESTIMATE: EstimateForm,
    Verb.RESTORE_PART: PartForm,
    Verb.RESTORE: BackForm,
    Verb.POSTPONE: PostponeForm,
    Verb.CANCEL: ReasonForm,
    Verb.REVIEW: ReviewForm,
}
