"""One form for each act on a plan or a run of orderly use. Fields are named as the services' arguments."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from common.forms import InstantField, OnceForm, when
from outages.forms.orderly import LEAST, megawatts
from outages.models import OrderlyPlan, OrderlyRun, RunUser
from outages.orderly_choices import Verb
from outages.selectors.orderly.plans import BatchLoad, batch_loads
from outages.selectors.orderly.runs import asked_batches
from outages.services.orderly.running import Demand
from outages.shortage import skipped


class ActForm(OnceForm):
    """Nothing to fill in but what makes the act happen once."""

    def __init__(self, *args: Any, subject: OrderlyPlan | OrderlyRun | RunUser, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class SubmitForm(ActForm):
    """Why a measure is left out, where one is."""

    skip_reason = forms.CharField(
        label=gettext_lazy("Why it leaves out a measure"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def prepare(self) -> None:
        if not skipped({load.measure for load in batch_loads(self.subject)}):
            del self.fields["skip_reason"]


class ActivateForm(ActForm):
    """The day: window, shortage, peak, and which batches."""

    starts_at = InstantField(label=gettext_lazy("From"))
    ends_at = InstantField(label=gettext_lazy("To"))
    shortage_mw = megawatts(gettext_lazy("Shortage, MW"), min_value=LEAST)
    peak_mw = megawatts(gettext_lazy("Forecast peak, MW"), min_value=LEAST)
    reason = forms.CharField(
        label=gettext_lazy("Why, as users read it"), max_length=120,
        help_text=gettext_lazy("In plain words: “the heat lasts, power is short in the whole province”"),
    )  # fmt: skip
    receipts_due_at = InstantField(
        label=gettext_lazy("Receipts by"), required=False,
        help_text=gettext_lazy("Left empty: two hours before it begins"),
    )  # fmt: skip
    batches = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Batches"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Left empty: in their order, until the shortage is covered"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["batches"].choices = [(load.number, _batch_words(load)) for load in batch_loads(self.subject)]
        for name in ("shortage_mw", "peak_mw"):
            self.fields[name].initial = getattr(self.subject, name)

    def arguments(self) -> dict[str, Any]:
        data = super().arguments()
        request_id = data.pop("request_id")
        return {"request_id": request_id, "demand": Demand(**data | {"batches": frozenset(data["batches"])})}


def _batch_words(load: BatchLoad) -> str:
    return f"{load.batch.number} · {load.batch.name} · {load.measure_label} · {load.mw:.1f} MW"


class CloseForm(ActForm):
    """What is to be learnt from it."""

    learnt = forms.CharField(
        label=gettext_lazy("What is to be learnt from it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandOverForm(ActForm):
    """Who took the notice, when, and what shows it."""

    taken_by = forms.CharField(label=gettext_lazy("Who took it"), max_length=60)
    at = when(gettext_lazy("When"))
    proof = forms.FileField(
        label=gettext_lazy("Photo or signature"), required=False, help_text=gettext_lazy("JPEG, PNG or WebP"),
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment", "data-shrink": "1600"}),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


class RecordForm(ActForm):
    """Megawatts achieved by a batch, or by one of its users."""

    batch = forms.TypedChoiceField(label=gettext_lazy("Batch"), coerce=int)
    account = forms.CharField(
        label=gettext_lazy("Account number"), max_length=12, required=False,
        help_text=gettext_lazy("Left empty, it is what the whole batch achieved"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    starts_at = InstantField(label=gettext_lazy("From"))
    ends_at = InstantField(label=gettext_lazy("To"))
    mw = megawatts(gettext_lazy("Achieved, MW"), min_value=0)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["batch"].choices = [
            (batch.number, f"{batch.number} · {batch.name} · {batch.get_measure_display()}")
            for batch in asked_batches(self.subject)
        ]

    def clean_account(self) -> str:
        return "".join(ch for ch in self.cleaned_data["account"] if ch.isdigit())


PLAN_FORMS: Mapping[Verb, type[ActForm]] = {
    Verb.SUBMIT: SubmitForm,
    Verb.SEND_BACK: ReasonForm,
    Verb.APPROVE: ActForm,
    Verb.REVISE: ActForm,
    Verb.RETIRE: ReasonForm,
    Verb.ACTIVATE: ActivateForm,
}
RUN_FORMS: Mapping[Verb, type[ActForm]] = {
    Verb.RECORD: RecordForm,
    Verb.CANCEL: ReasonForm,
    Verb.END: ActForm,
    Verb.REVIEW: CloseForm,
}
