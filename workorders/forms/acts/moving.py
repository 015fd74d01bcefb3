"""Giving work to units and taking it back."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.widgets import Picks
from workorders.forms.acts.base import ActForm, words
from workorders.reasons import return_reasons
from workorders.selectors.picking import UnitChoice, unit_choices

OTHER = "other"


class UnitForm(ActForm):
    """Which unit: the likely ones as options with their load, the suggested one first and chosen, all others behind."""

    keeps_unit = True  # whether the unit that has the order may be chosen again

    unit = forms.ChoiceField(
        label=_("Unit"),
        widget=Picks(keys=True),
        error_messages={"required": _("Choose a unit.")},
    )
    other_unit = forms.ChoiceField(label=_("Another unit"), required=False)

    def prepare(self) -> None:
        leave_out = None if self.keeps_unit else self.order.unit
        near, rest = unit_choices(self.order, self.actor, now=self.now, but=leave_out)
        self.units = {choice.unit.code: choice.unit for choice in [*near, *rest]}
        more = [(OTHER, _("Another unit"))] if rest else []
        self.fields["unit"].choices = [(c.unit.code, _option(c)) for c in near] + more
        self.fields["other_unit"].choices = [("", "—"), *((c.unit.code, c.unit.label) for c in rest)]
        if near and near[0].is_suggested:
            self.initial.setdefault("unit", near[0].unit.code)
        if not rest:
            del self.fields["other_unit"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        code = data.get("other_unit") if data.get("unit") == OTHER else data.get("unit")
        if code in self.units:
            data["unit"] = self.units[code]
        elif data.get("unit") == OTHER:
            self.add_error("other_unit", _("Choose a unit."))
        return data

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in super().arguments().items() if name != "other_unit"}


def _option(choice: UnitChoice) -> str:
    return format_html('{} <small class="dh-q">{}</small>', choice.unit.label, choice.words)


class DispatchForm(UnitForm):
    """Which unit gets it, and what it should know."""

    note = words(_("What the unit should know"), rows=2, most=500)


class TransferForm(UnitForm):
    """Which unit gets it instead, and why."""

    keeps_unit = False

    reason = words(_("Why"), rows=2, most=500, required=_("Write why in one sentence."))


class ReturnForm(ActForm):
    """Back to the dispatch desk, with a reason of the catalogue that fits."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        widget=Picks(keys=True),
        error_messages={"required": _("Choose the reason; the desk sorts it by that.")},
    )
    note = words(_("What the desk should know"), rows=2, most=500)

    def prepare(self) -> None:
        fitting = return_reasons(self.order.kind, self.order.service_type)
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in fitting]


class CancelForm(ActForm):
    """Why nothing is owed any more."""

    reason = words(_("Why"), rows=2, most=500, required=_("Write why in one sentence."))
