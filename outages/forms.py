"""Forms of the outages room: writing one down, and one small form for each act."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.errors import Refusal
from common.forms import InstantField, when
from customers import masking
from customers.models import Area, Feeder, SupplyPoint, Transformer
from outages.choices import Verb
from outages.models import Outage
from outages.policies import WRITERS
from outages.services.writing import FACTS, Scope, Writing
from staff.models import Member, Unit
from staff.selectors import scope_of

SHOWN_WRONG = 5


class OutageForm(forms.ModelForm):
    """What, where, when, why, and what of the network it takes in. Fields are named as the services' arguments."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    starts_at = InstantField(label=gettext_lazy("From"), required=False)
    ends_at = InstantField(label=gettext_lazy("To"), required=False)
    feeders = forms.ModelMultipleChoiceField(
        Feeder.objects, label=gettext_lazy("Feeders"), required=False, widget=forms.CheckboxSelectMultiple
    )
    transformers = forms.ModelMultipleChoiceField(
        Transformer.objects, label=gettext_lazy("Transformers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.ModelMultipleChoiceField(
        Area.objects, label=gettext_lazy("Areas"), required=False, widget=forms.CheckboxSelectMultiple
    )
    accounts = forms.CharField(
        label=gettext_lazy("Account numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or many, as they are pasted; all places of an account are taken in"),
    )
    change_reason = forms.CharField(label=gettext_lazy("Why it changes"), max_length=200, required=False)

    class Meta:
        model = Outage
        fields = [name for name in FACTS if name not in ("starts_at", "ends_at")]

    def __init__(self, *args: Any, actor: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=scope_of(actor).unit_ids(*WRITERS)).order_by("path")
        self.fields["unit"].initial = actor.home_unit_id
        self.fields["feeder"].help_text = _("The line, as crews and statistics know it")
        self.fields["place"].help_text = _("People read it on the public page: “around East Garden street”")
        self.fields["reason"].help_text = _("In plain words: “the cable is broken, we replace a piece of it”")
        self.initial.setdefault("request_id", uuid4())
        if self.instance.pk:
            self.initial.update(_start(self.instance))
        if not (self.instance.pk and self.instance.version):
            del self.fields["change_reason"]

    def clean_accounts(self) -> list[int]:
        """The supply points of the accounts that were pasted. Raises: ValidationError naming those nobody has."""
        numbers = list(dict.fromkeys(re.findall(r"\d{4,}", self.cleaned_data["accounts"])))
        found = SupplyPoint.objects.filter(customer__account_no__in=numbers).values_list("pk", "customer__account_no")
        missing = [number for number in numbers if number not in {account for _pk, account in found}]
        if missing:
            words = ngettext(
                "No customer has this account: %(numbers)s", "No customer has these accounts: %(numbers)s", len(missing)
            )
            shown = ", ".join(missing[:SHOWN_WRONG]) + (" …" if len(missing) > SHOWN_WRONG else "")
            raise ValidationError(words % {"numbers": shown})
        return [pk for pk, _account in found]

    def writing(self) -> Writing:
        """What the services take."""
        data = self.cleaned_data
        scope = Scope(
            feeders=_ids(data["feeders"]), transformers=_ids(data["transformers"]), areas=_ids(data["areas"]),
            supply_points=frozenset(data["accounts"]),
        )  # fmt: skip
        return Writing({name: data[name] for name in FACTS}, scope)

    def request(self) -> UUID:
        """The request this form stands for; a new one when it carries none."""
        return self.cleaned_data.get("request_id") or uuid4()


def _ids(rows: Any) -> frozenset[int]:
    return frozenset(row.pk for row in rows)


def _start(outage: Outage) -> dict[str, Any]:
    """What the fields begin with for an outage that is there."""
    picks = list(outage.picks.select_related("supply_point__customer"))
    accounts = {pick.supply_point.customer.account_no for pick in picks if pick.supply_point}
    return {
        "revision": outage.revision,
        "starts_at": outage.starts_at,
        "ends_at": outage.ends_at,
        "feeders": [pick.feeder_id for pick in picks if pick.feeder_id],
        "transformers": [pick.transformer_id for pick in picks if pick.transformer_id],
        "areas": [pick.area_id for pick in picks if pick.area_id],
        "accounts": "\n".join(sorted(accounts)),
    }


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


# ── acts ────────────────────────────────────────────────────────────────


class ActForm(forms.Form):
    """Fields are named as the service's arguments, so a `Refusal` finds its field."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, outage: Outage, now: datetime, **kwargs: Any) -> None:
        kwargs |= {"initial": {"request_id": uuid4(), "revision": outage.revision}, "auto_id": "act_%s"}
        super().__init__(*args, **kwargs)
        self.outage, self.now = outage, now
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to this outage."""

    def arguments(self) -> dict[str, Any]:
        """What the service is called with, beside code, actor and now."""
        data = dict(self.cleaned_data)
        data["request_id"] = data["request_id"] or uuid4()
        return data


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
