"""Doing the work and closing the loop: arrive, contact, finish, answer, call back."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import InstantField, when
from common.widgets import Picks
from workorders.choices import AnswerWay, CallBackResult, Cause
from workorders.forms.acts.base import ActForm, words
from workorders.kinds import goes_out
from workorders.models import WorkOrder
from workorders.reasons import answer_way

NOW, EARLIER = "now", "earlier"


class PressForm(ActForm):
    """Nothing to fill in."""


class SinceForm(ActForm):
    """Now, or earlier at a time that is typed."""

    moment = forms.ChoiceField(
        label=_("When it was"), choices=[(NOW, _("Now")), (EARLIER, _("Earlier, at"))], widget=Picks(keys=True)
    )
    at = InstantField(label=_("At what time"), required=False)

    @staticmethod
    def start(order: WorkOrder, now: datetime) -> dict[str, Any]:
        return {"moment": NOW}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("moment") == EARLIER and not data.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say when it was, or choose “now”."))
        return data

    def arguments(self) -> dict[str, Any]:
        return {"at": self.cleaned_data["at"] if self.cleaned_data["moment"] == EARLIER else None}


class ContactForm(ActForm):
    """The customer was spoken to."""

    note = words(_("What was said"), rows=2, required=_("Write what was said in one sentence."))
    at = when(_("When it was"))


class FinishForm(ActForm):
    """The work is done: what was done, and where the fault was."""

    cause = forms.ChoiceField(
        label=_("Where the fault was"),
        choices=Cause,
        widget=Picks(keys=True),
        error_messages={"required": _("Choose where the fault was.")},
    )
    result = words(_("What was done"), required=_("Write what was done; the desk answers the customer from it."))
    at = when(_("When it was done"))

    def prepare(self) -> None:
        if not goes_out(self.order.kind, self.order.service_type):
            del self.fields["cause"]


class AnswerForm(ActForm):
    """What the customer was told, and by which way."""

    text = words(_("What the customer was told"), required=_("Write what the customer was told."))
    channel = forms.ChoiceField(label=_("Told"), choices=AnswerWay, widget=Picks(keys=True))
    at = when(_("When they were told"))

    @staticmethod
    def start(order: WorkOrder, now: datetime) -> dict[str, Any]:
        return {"channel": answer_way(order.channel)}


class CallBackForm(ActForm):
    """What the customer said after the work."""

    result = forms.ChoiceField(
        label=_("What came of it"),
        choices=CallBackResult,
        widget=Picks(keys=True),
        error_messages={"required": _("Choose what came of the call.")},
    )
    remark = words(_("What the customer said"), rows=2)
    at = when(_("When you called"))
