"""Writing an outage down. Fields are named as the services' arguments."""

import re
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.forms import InstantField
from customers.models import Area, Feeder, SupplyPoint, Transformer
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
