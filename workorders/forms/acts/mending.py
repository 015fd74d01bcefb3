"""Putting things right and keeping people told: amend, second call, note, corrected time, word of a delay."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from common import timewords
from common.errors import Refusal
from common.forms import InstantField
from common.widgets import Picks
from customers import masking
from customers.models import Customer, SupplyPoint
from customers.selectors import get_customer_for
from staff.choices import AreaClass
from workorders.choices import WAYS_IN, Kind, LateReason, Phase, ServiceType, Situation, Verb
from workorders.forms.acts.base import ActForm, local, words
from workorders.kinds import INTERNAL
from workorders.models import Event, WorkOrder
from workorders.policies import can_see_person
from workorders.reasons import late_reasons
from workorders.selectors.history import event_of, story_of
from workorders.timeline.titles import PERSONAL
from workorders.uploads import ACCEPT

BLANK = [("", "—")]
KNOWN, UNKNOWN = "known", "unknown"
NEWS_IN = timedelta(minutes=30)


class AmendForm(ActForm):
    """What was taken down, to be corrected. The number on file never reaches the page; typing replaces it."""

    pairs = mirrors = True
    wide = ("address", "description", "reason")

    kind = forms.ChoiceField(label=_("Kind"), choices=[kind for kind in Kind.choices if kind[0] not in INTERNAL])
    service_type = forms.ChoiceField(label=_("Service"), choices=BLANK + ServiceType.choices, required=False)
    situation = forms.ChoiceField(label=_("What is wrong"), choices=BLANK + Situation.choices, required=False)
    subject = forms.CharField(label=_("In a few words"), max_length=80, required=False)
    account_no = forms.CharField(
        label=_("Account number"), max_length=20, required=False, help_text=_("Left empty, it is an anonymous request.")
    )
    supply_point = forms.ChoiceField(label=_("Supply point"), required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    address = forms.CharField(label=_("Where it is"), max_length=200, required=False)
    area_class = forms.ChoiceField(label=_("Kind of area"), choices=AreaClass, required=False)
    channel = forms.ChoiceField(label=_("Came in by"), choices=WAYS_IN)
    description = words(_("What the customer said"), required=_("One sentence will do; whoever handles it needs it."))
    reason = words(_("Why it is amended"), rows=2, most=500)

    @staticmethod
    def start(order: WorkOrder, now: datetime) -> dict[str, Any]:
        same = ("kind", "service_type", "situation", "subject", "contact_name", "address", "area_class", "channel")
        return {name: getattr(order, name) for name in same} | {
            "account_no": order.customer.account_no if order.customer else "",
            "supply_point": order.supply_point_id or "",
            "contact_phone": masking.phone(order.contact_phone),
            "description": order.description,
        }

    def prepare(self) -> None:
        if not can_see_person(self.actor, self.order):
            for name in {*PERSONAL, "account_no"} & set(self.fields):
                del self.fields[name]
            return
        points = self._points(self.order.customer)
        self.fields["supply_point"].choices = BLANK + [(str(p.pk), f"{p.address} · {p.meter_tail}") for p in points]
        if self.order.supply_point_id:
            del self.fields["area_class"]
        if self.order.contact_phone:
            self.fields["contact_phone"].help_text = _("Left alone, the number taken down stays.")

    def _points(self, customer: Customer | None) -> list[SupplyPoint]:
        return sorted(customer.supply_points.all(), key=lambda p: (not p.is_main, p.pk)) if customer else []

    def clean_account_no(self) -> Customer | None:
        number = "".join(self.cleaned_data["account_no"].split())
        if not number:
            return None
        if self.order.customer and number == self.order.customer.account_no:
            return self.order.customer
        try:
            return get_customer_for(self.actor, number)
        except Http404:
            raise forms.ValidationError(_("No customer has this account number. Look it up in the search box."))

    def clean_contact_phone(self) -> str:
        known = self.order.contact_phone
        try:
            return (
                masking.typed_phone(self.cleaned_data["contact_phone"], on_file=known, field="contact_phone") or known
            )
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == Kind.FAULT and not data.get("situation"):
            self.add_error("situation", _("A fault report says what is wrong."))
        if data.get("kind") == Kind.SERVICE and not data.get("service_type"):
            self.add_error("service_type", _("Choose the service."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = super().arguments()
        data["situation"] = data["situation"] if data["kind"] == Kind.FAULT else ""
        data["service_type"] = data["service_type"] if data["kind"] == Kind.SERVICE else ""
        if "account_no" in data:
            customer = data["customer"] = data.pop("account_no")
            data["supply_point"] = self._chosen_point(customer, data["supply_point"])
        if not data.get("area_class"):
            data.pop("area_class", None)
        return data

    def _chosen_point(self, customer: Customer | None, wanted: str) -> SupplyPoint | None:
        """The chosen place if it is this customer's; a new customer comes with their main place."""
        points = self._points(customer)
        chosen = next((p for p in points if str(p.pk) == wanted), None)
        changed = customer is not None and (self.order.customer is None or customer.pk != self.order.customer.pk)
        return chosen or (points[0] if points and changed else None)


class AddContactForm(ActForm):
    """The customer asked again."""

    note = words(_("What the customer said"), rows=2, required=_("Write what the customer said."))


class ManyFilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of uploads; what is in them is judged by the service."""

    widget = ManyFilesInput(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list:
        return [super(ManyFilesField, self).clean(one, initial) for one in data or []]


class NoteForm(ActForm):
    """A line, files, or both."""

    text = words(_("Note"), rows=2)
    files = ManyFilesField(label=_("Photos or papers"), required=False)
    phase = forms.ChoiceField(label=_("Photos taken"), choices=BLANK + Phase.choices, required=False)
    for_customer = forms.BooleanField(label=_("The customer may read it"), required=False)

    def prepare(self) -> None:
        most = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
        self.fields["files"].help_text = _("JPEG, PNG, WebP or PDF, at most %(most)s each.") % {"most": most}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("text", "").strip() and not data.get("files") and not self.errors:
            self.add_error("text", _("Write a line first, or choose a file."))
        return data


class CorrectForm(ActForm):
    """Which time was wrong, the right one, and why."""

    event = forms.ChoiceField(
        label=_("Which time is wrong"), widget=Picks(), error_messages={"required": _("Choose the row.")}
    )
    at = InstantField(label=_("The right time"), error_messages={"required": _("Say when it really was.")})
    reason = words(_("Why it was wrong"), rows=2, most=500, required=_("Write why in one sentence."))

    def prepare(self) -> None:
        rows = story_of(self.order)
        self.fields["event"].choices = [
            (str(row.id), f"{Verb(row.verb).label} · {timewords.instant(row.at, self.now)}") for row in reversed(rows)
        ]

    def clean_event(self) -> Event:
        return event_of(self.order, int(self.cleaned_data["event"]))


class TellLateForm(ActForm):
    """Why it will be late, and the new time or when there will be news."""

    reason = forms.ChoiceField(
        label=_("Why"),
        widget=Picks(keys=True),
        error_messages={"required": _("Choose why; the customer reads it.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=100,
        required=False,
        help_text=_("Instead of the reason above, in words a neighbour would use."),
    )
    time = forms.ChoiceField(
        label=_("When it will be"),
        choices=[(KNOWN, _("The new time is known")), (UNKNOWN, _("Not known yet"))],
        widget=Picks(),
        error_messages={"required": _("Say whether the new time is known.")},
    )
    new_time = InstantField(label=_("By when"), required=False)
    next_news = InstantField(label=_("Next news by"), required=False, help_text=_("By then you tell them more."))

    @staticmethod
    def start(order: WorkOrder, now: datetime) -> dict[str, Any]:
        return {"next_news": local(now + NEWS_IN)}

    def prepare(self) -> None:
        fitting = late_reasons(self.order.kind, self.order.service_type)
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in fitting]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("reason") == LateReason.OTHER and not data.get("words"):
            self.add_error("words", _("Write why; the customer reads it."))
        known = data.get("time") == KNOWN
        name = "new_time" if known else "next_news"
        if data.get("time") and not data.get(name) and name not in self.errors:
            self.add_error(name, _("Give the new time.") if known else _("Say when there will be news."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = super().arguments()
        known = data.pop("time") == KNOWN
        data["next_news" if known else "new_time"] = None
        return data
