"""What is taken down for each kind of order (req 19). Forms clean and convert; they never save.

A field named in ``extra`` goes into the order's ``details``; the rest are columns. `docs/adding-a-kind.md` says what
else a new kind needs.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.errors import Refusal
from common.widgets import Picks
from customers.masking import phone as mask_phone
from customers.masking import typed_phone
from customers.models import Customer, SupplyPoint
from staff.choices import AreaClass
from workorders.choices import WAYS_IN, Channel, Kind, ServiceType, Situation
from workorders.services.intake import Intake

WORDS_MAX = 2000
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("unsure", gettext_lazy("Not sure"))]


class IntakeForm(forms.Form):
    """What every kind asks: who, where, what was said, and where it came in."""

    kind: Kind
    extra: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()  # fields above the contact, in the order of the form

    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=gettext_lazy("Contact phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Address on site"),
        max_length=200,
        error_messages={"required": gettext_lazy("Street and number, or what stands nearby.")},
    )
    area_class = forms.ChoiceField(
        label=gettext_lazy("Kind of area"),
        choices=AreaClass,
        widget=Picks(),
        initial=AreaClass.URBAN,
        help_text=gettext_lazy("Without a supply point it decides the time limit."),
        error_messages={"required": gettext_lazy("Pick one; in doubt, urban.")},
    )
    description = forms.CharField(
        label=gettext_lazy("What the customer said"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("One sentence will do; whoever handles it needs it."),
            "max_length": gettext_lazy("At most %(limit_value)d characters; this has %(show_value)d."),
        },
    )
    channel = forms.ChoiceField(label=gettext_lazy("Came in by"), choices=WAYS_IN)

    def __init__(
        self,
        *args: Any,
        customer: Customer | None = None,
        supply_point: SupplyPoint | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.customer, self.supply_point = customer, supply_point
        self.phone_on_file = customer.phone_on_file if customer else ""
        if supply_point is not None:
            del self.fields["area_class"]
        if customer:
            self.fields["address"].help_text = _("From the file; change it if the trouble is elsewhere")

    def head(self) -> list[forms.BoundField]:
        """What is asked first, in the order of the kind."""
        return [self[name] for name in self.wide]

    def ask_for(self, service: str) -> None:
        """Leave out what this service does not ask; kinds without services ask the same of everybody."""

    def asks(self) -> list[forms.BoundField]:
        """What the chosen service asks besides."""
        return []

    def require_only(self, name: str) -> None:
        """Nothing but this field has to be filled in."""
        for other, field in self.fields.items():
            field.required = other == name

    def clean_address(self) -> str:
        """The address of the chosen place when the one of another place was left standing."""
        typed = self.cleaned_data["address"].strip()
        if self.customer and self.supply_point:
            others = {p.address for p in self.customer.supply_points.all() if p.pk != self.supply_point.pk}
            return self.supply_point.address if typed in others else typed
        return typed

    @property
    def masked_phone(self) -> str:
        """What stands in the field for the number on file: the full one never reaches the page."""
        return mask_phone(self.phone_on_file) if self.phone_on_file else ""

    def clean_contact_phone(self) -> str:
        """The number typed, or the one on file when the masked one was left alone."""
        try:
            return typed_phone(self.cleaned_data["contact_phone"], on_file=self.phone_on_file, field="contact_phone")
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal

    def intake(self) -> Intake:
        """The cleaned form as the service takes it."""
        data = self.cleaned_data
        return Intake(
            kind=self.kind,
            channel=Channel(data["channel"]),
            description=data["description"].strip(),
            service_type=data.get("service_type", ""),
            situation=data.get("situation", ""),
            subject=data.get("subject", "").strip(),
            details={name: _plain(data[name]) for name in self.extra if data.get(name) not in ("", None)},
            customer=self.customer,
            supply_point=self.supply_point,
            contact_name=data["contact_name"].strip(),
            contact_phone=data["contact_phone"],
            address=data["address"],
            area_class=data.get("area_class") or AreaClass.URBAN,
        )


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)


class FaultForm(IntakeForm):
    """Something is off, or dangerous."""

    kind = Kind.FAULT
    extra = ("neighbours", "breaker")
    wide = ("situation",)
    situation = forms.ChoiceField(
        label=gettext_lazy("What is wrong"),
        choices=Situation,
        widget=Picks(keys=True, danger={Situation.DANGER}),
        error_messages={
            "required": gettext_lazy("Pick one. A fallen wire, sparks or a shock is “dangerous”: duty is told at once.")
        },
    )
    neighbours = forms.ChoiceField(
        label=gettext_lazy("Do the neighbours have power"), choices=YES_NO, widget=Picks(), required=False
    )
    breaker = forms.ChoiceField(
        label=gettext_lazy("Did the main switch trip"),
        choices=[
            ("tripped", gettext_lazy("Tripped")),
            ("on", pgettext_lazy("switch", "No")),
            ("unseen", gettext_lazy("Not looked")),
        ],
        widget=Picks(),
        required=False,
    )


class SubjectForm(IntakeForm):
    """Kinds that need a line of their own to be told apart in a list."""

    wide = ("subject",)
    subject = forms.CharField(
        label=gettext_lazy("In one line"),
        max_length=60,
        error_messages={"required": gettext_lazy("A few words, so that colleagues know it at a glance.")},
    )
    address = forms.CharField(label=gettext_lazy("Where it is"), max_length=200, required=False)


class InquiryForm(SubjectForm):
    """A question; answered at once when possible."""

    kind = Kind.INQUIRY
    answer_now = forms.CharField(
        label=gettext_lazy("Answered at once"),
        max_length=WORDS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What you told the customer. Left empty, the question goes to a department."),
    )


class ComplaintForm(SubjectForm):
    """Harm the customer sees in what we did; the full procedure follows later."""

    kind = Kind.COMPLAINT
    extra = ("about", "happened")
    wide = ("about", "subject", "happened")
    about = forms.ChoiceField(
        label=gettext_lazy("What it is about"),
        choices=[
            ("service", gettext_lazy("Service")),
            ("business", gettext_lazy("Business")),
            ("outage", gettext_lazy("Outage")),
            ("quality", gettext_lazy("Supply quality")),
            ("construction", gettext_lazy("Grid works")),
        ],
        widget=Picks(keys=True),
        error_messages={"required": gettext_lazy("Pick what it is about; it decides who answers.")},
    )
    happened = forms.CharField(label=gettext_lazy("When and where it happened"), max_length=100, required=False)


class TipOffForm(SubjectForm):
    """A tip about wrong-doing; the person stays hidden outside the handling unit."""

    kind = Kind.TIP_OFF
    extra = ("against",)
    wide = ("against", "subject")
    against = forms.ChoiceField(
        label=gettext_lazy("Whom it is about"),
        choices=[
            ("inside", gettext_lazy("Our own staff")),
            ("theft", gettext_lazy("Stealing or breach by others")),
            ("sabotage", gettext_lazy("Damage to equipment")),
        ],
        widget=Picks(keys=True),
        error_messages={"required": gettext_lazy("Pick whom it is about; it decides who may read it.")},
    )


class SuggestionForm(SubjectForm):
    """How we could do better."""

    kind = Kind.SUGGESTION


class OpinionForm(SubjectForm):
    """Something the customer is not happy with that is not our fault."""

    kind = Kind.OPINION


class PraiseForm(SubjectForm):
    """Somebody did well."""

    kind = Kind.PRAISE
    extra = ("whom",)
    wide = ("whom", "subject")
    whom = forms.CharField(label=gettext_lazy("Who did well"), max_length=60, required=False)


# What each service needs beyond the common fields: name → services it is asked (and required) for.
SERVICE_ASKS: dict[str, tuple[str, ...]] = {
    "paid_on": (ServiceType.RECONNECTION,),
    "reading": (ServiceType.READING_ANOMALY,),
    "month": (ServiceType.READING_ANOMALY,),
    "doubt": (ServiceType.METER_CHECK,),
    "damaged": (ServiceType.APPLIANCE_DAMAGE,),
    "damaged_when": (ServiceType.APPLIANCE_DAMAGE,),
    "since": (ServiceType.VOLTAGE_QUALITY,),
    "new_value": (ServiceType.DATA_CHANGE,),
}


class ServiceForm(IntakeForm):
    """A service the customer asks for; each type asks what it needs, the others' questions are not there."""

    kind = Kind.SERVICE
    extra = tuple(SERVICE_ASKS)
    wide = ("service_type",)
    service_type = forms.ChoiceField(
        label=gettext_lazy("Which service"),
        choices=ServiceType,
        widget=Picks(keys=True),
        error_messages={"required": gettext_lazy("Pick the service; it decides the time limit.")},
    )
    paid_on = forms.DateField(
        label=gettext_lazy("Arrears paid on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reading = forms.CharField(label=gettext_lazy("Reading the customer sees"), max_length=20, required=False)
    month = forms.CharField(label=gettext_lazy("Which bill"), max_length=20, required=False)
    doubt = forms.CharField(label=gettext_lazy("Why the meter is doubted"), max_length=100, required=False)
    damaged = forms.CharField(label=gettext_lazy("What is damaged"), max_length=100, required=False)
    damaged_when = forms.CharField(label=gettext_lazy("When it broke"), max_length=60, required=False)
    since = forms.CharField(label=gettext_lazy("Since when, at what hours"), max_length=100, required=False)
    new_value = forms.CharField(label=gettext_lazy("What it should say"), max_length=100, required=False)

    def ask_for(self, service: str) -> None:
        """Keep what this service asks, and have it filled in."""
        for name, services in SERVICE_ASKS.items():
            if service in services:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = _("This service needs it.")
            else:
                del self.fields[name]

    def asks(self) -> list[forms.BoundField]:
        return [self[name] for name in SERVICE_ASKS if name in self.fields]


FORMS: dict[str, type[IntakeForm]] = {
    form.kind: form
    for form in (
        FaultForm, InquiryForm, ComplaintForm, TipOffForm, SuggestionForm, OpinionForm, PraiseForm, ServiceForm
    )
}  # fmt: skip
