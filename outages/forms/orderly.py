"""Writing a plan of orderly use: its figures, a batch, somebody who is never asked."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.widgets import Picks
from customers.models import Customer
from customers.selectors.files import visible_to
from outages.models import Batch, OrderlyPlan
from outages.orderly_choices import Ground, Measure
from outages.orderly_policies import WRITERS
from outages.selectors.orderly.plans import users_as_lines
from outages.services.orderly.planning import FACTS, BatchWriting
from staff.models import Member, Unit
from staff.selectors import scope_of

LINE = re.compile(r"(\d{10})[\s,，;；、]+(\d+(?:\.\d+)?)\s*(?:MW|兆瓦)?\Z", re.IGNORECASE)
SHOWN_WRONG = 5
LEAST, MOST = Decimal("0.1"), Decimal("9999999.9")


def megawatts(label: Any, **options: Any) -> forms.DecimalField:
    """Megawatts with one decimal."""
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1", "min": "0"})
    return forms.DecimalField(label=label, max_digits=8, decimal_places=1, widget=widget, **options)


class WritingForm(forms.Form):
    """What every form about a version carries along."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Member, plan: OrderlyPlan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.plan = actor, plan
        self.initial.update({"request_id": uuid4(), "revision": plan.revision if plan else None})

    def request(self) -> UUID:
        """The request this form stands for; a new one when it carries none."""
        return self.cleaned_data.get("request_id") or uuid4()


class PlanForm(WritingForm):
    """Its name, whose it is, and the day it is for. The level follows."""

    name = forms.CharField(
        label=pgettext_lazy("plan", "Name"), max_length=60, help_text=gettext_lazy("“Summer peak 2027, 10 % short”")
    )
    unit = forms.ModelChoiceField(Unit.objects, label=gettext_lazy("Unit"))
    peak_mw = megawatts(gettext_lazy("Peak demand, MW"), min_value=LEAST)
    shortage_mw = megawatts(gettext_lazy("Shortage to be covered, MW"), min_value=LEAST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(pk__in=scope_of(self.actor).unit_ids(*WRITERS)).order_by("path")
        self.fields["unit"].queryset = units
        self.fields["shortage_mw"].help_text = _("The level follows from its share of the peak")
        own = {name: getattr(self.plan, name) for name in FACTS} if self.plan else {"unit": units.first()}
        self.initial.update(own)

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in FACTS}


class BatchForm(WritingForm):
    """A batch and its users, pasted as they stand in a list."""

    name = forms.CharField(label=pgettext_lazy("plan", "Name"), max_length=40)
    measure = forms.ChoiceField(label=gettext_lazy("What is asked"), choices=Measure, widget=Picks)
    users = forms.CharField(
        label=gettext_lazy("Users"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy("One line each: account number and megawatts, “4200000100 2.5”. The whole batch."),
    )

    def __init__(self, *args: Any, batch: Batch | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if batch:
            self.initial.update({"name": batch.name, "measure": batch.measure, "users": users_as_lines(batch)})

    def clean_users(self) -> dict[int, Decimal]:
        """Megawatts by customer. Raises: ValidationError naming the lines that cannot be read, and who is not found."""
        asked: dict[str, Decimal] = {}
        wrong: list[str] = []
        for number, text in enumerate(self.cleaned_data["users"].splitlines(), 1):
            if text.strip():
                self._read(number, text.strip(), asked, wrong)
        found = dict(visible_to(self.actor).filter(account_no__in=asked).values_list("account_no", "pk"))
        missing = [_("no customer has the account %(account)s") % {"account": a} for a in asked if a not in found]
        problems = wrong + missing
        if problems:
            raise ValidationError("; ".join(problems[:SHOWN_WRONG]) + (" …" if len(problems) > SHOWN_WRONG else ""))
        return {found[account]: mw for account, mw in asked.items()}

    def _read(self, number: int, text: str, asked: dict[str, Decimal], wrong: list[str]) -> None:
        line = LINE.match(text)
        try:
            mw = Decimal(line[2]) if line else Decimal(0)
        except InvalidOperation:
            mw = Decimal(0)
        if line is None or not LEAST <= mw <= MOST or mw != round(mw, 1):
            wrong.append(_("line %(number)d is no account number with megawatts: “%(text)s”")
                         % {"number": number, "text": text[:40]})  # fmt: skip
        elif line[1] in asked:
            wrong.append(_("line %(number)d names %(account)s again") % {"number": number, "account": line[1]})
        else:
            asked[line[1]] = mw

    def writing(self) -> BatchWriting:
        """What the services take."""
        data = self.cleaned_data
        return BatchWriting(data["name"], data["measure"], data["users"])


class ExemptForm(WritingForm):
    """Somebody who is never asked, though their file does not say so."""

    account = forms.CharField(
        label=gettext_lazy("Account number"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    ground = forms.ChoiceField(label=gettext_lazy("On what ground"), choices=Ground, initial=Ground.LIVELIHOOD)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)

    def clean_account(self) -> str:
        """The digits; `customer` is set. Raises: ValidationError when nobody has them."""
        digits = re.sub(r"\D", "", self.cleaned_data["account"])
        self.customer: Customer | None = visible_to(self.actor).filter(account_no=digits).first()
        if self.customer is None:
            raise ValidationError(_("No customer has this account number."))
        return digits
