"""Editing a rule: a new version, never a change of the old one."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.choices import Role
from workorders.choices import Base, Stage, Target
from workorders.kinds import INTERNAL
from workorders.models import PolicyRule

RUNGS = (Stage.WARN, Stage.BREACH, Stage.ESCALATE_1, Stage.ESCALATE_2)


HOW_MUCH = gettext_lazy("Write how much.")
MISSING = {
    "amount": HOW_MUCH,
    "warn_percent": HOW_MUCH,
    "escalate_1": HOW_MUCH,
    "escalate_2": HOW_MUCH,
    "valid_from": gettext_lazy("Say from which day."),
    "label": gettext_lazy("Write a short name."),
    "source": gettext_lazy("Write where it stands."),
}


class RuleForm(forms.Form):
    """The figures of a rule, its validity and whom its alarms reach."""

    amount = forms.IntegerField(label=gettext_lazy("Amount"), min_value=1, max_value=500_000)
    base = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=Base,
        help_text=gettext_lazy("Working days: the amount is days. Otherwise it is minutes."),
    )
    same_time_of_day = forms.BooleanField(
        label=gettext_lazy("Due at the same time of day, not at the close of the last working day"), required=False
    )
    target = forms.ChoiceField(label=gettext_lazy("Target"), choices=Target)
    per_order = forms.BooleanField(label=gettext_lazy("A single order over it counts as broken"), required=False)
    warn_percent = forms.IntegerField(label=gettext_lazy("Remind at, % of the limit"), min_value=1, max_value=99)
    escalate_1 = forms.IntegerField(label=gettext_lazy("First escalation, % over"), min_value=1, max_value=500)
    escalate_2 = forms.IntegerField(label=gettext_lazy("Second escalation, % over"), min_value=1, max_value=500)
    is_published = forms.BooleanField(label=gettext_lazy("Customers are told this limit"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In force"), required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Valid to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    label = forms.CharField(label=gettext_lazy("Short name"), max_length=40)
    label_en = forms.CharField(label=gettext_lazy("English short name"), max_length=40, required=False)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Document, clause and date")
    )
    warned = forms.MultipleChoiceField(label=gettext_lazy("Reminder goes to"), choices=Role, required=False)
    breached = forms.MultipleChoiceField(label=gettext_lazy("Breach goes to"), choices=Role, required=False)

    def __init__(self, *args: Any, rule: PolicyRule, **kwargs: Any) -> None:
        self.rule = rule
        kwargs.setdefault("initial", _initial(rule))
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = MISSING.get(name, _("Choose one."))
        set_moment = rule.kind in INTERNAL  # only what we do of ourselves is due at a moment set for the order
        bases = [choice for choice in Base.choices if (choice[0] == Base.MOMENT) == set_moment]
        self.fields["base"].choices = bases
        for name in ("warned", "breached"):
            self.fields[name].widget = forms.CheckboxSelectMultiple(choices=Role.choices)

    @property
    def unit(self) -> Promise:
        """What the amount counts, beside its field."""
        return gettext_lazy("working days") if self["base"].value() == Base.WORKING_DAYS else gettext_lazy("minutes")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("valid_to") and data.get("valid_from") and data["valid_to"] < data["valid_from"]:
            self.add_error("valid_to", _("This is before the first day."))
        first, second = data.get("escalate_1"), data.get("escalate_2")
        if first and second and second < first:
            self.add_error("escalate_2", _("The second escalation cannot come before the first."))
        return data

    def values(self) -> dict[str, Any]:
        """What `services.rulebook.edit_rule` takes."""
        data = dict(self.cleaned_data)
        ladder = [dict(rung) for rung in self.rule.ladder]
        for rung in ladder:
            if rung["stage"] == Stage.WARN:
                rung["roles"] = data["warned"]
            elif rung["stage"] == Stage.BREACH:
                rung["roles"] = data["breached"]
            elif rung["stage"] in (Stage.ESCALATE_1, Stage.ESCALATE_2):
                rung["percent"] = data[rung["stage"]]
        for name in ("warned", "breached", "escalate_1", "escalate_2"):
            del data[name]
        return data | {"ladder": ladder}


def _initial(rule: PolicyRule) -> dict[str, Any]:
    rungs = {rung["stage"]: rung for rung in rule.ladder}
    plain = (
        "amount", "base", "same_time_of_day", "target", "per_order", "warn_percent", "is_published", "is_active",
        "valid_from", "valid_to", "label", "label_en", "source",
    )  # fmt: skip
    return {name: getattr(rule, name) for name in plain} | {
        "escalate_1": rungs.get(Stage.ESCALATE_1, {}).get("percent", 25),
        "escalate_2": rungs.get(Stage.ESCALATE_2, {}).get("percent", 50),
        "warned": rungs.get(Stage.WARN, {}).get("roles", []),
        "breached": rungs.get(Stage.BREACH, {}).get("roles", []),
    }
