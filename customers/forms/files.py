"""Entering, correcting and grading a customer."""

from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from common.widgets import Picks
from customers import masking
from customers.choices import FLAG_ICONS, CustomerKlass, Flag, Importance, KeyAccount, Language, Secrecy, Voltage
from customers.cleaning import clean_account, clean_name
from customers.forms.parts import PlaceFields, refused
from customers.models import Customer
from customers.models.customer import NAME_CHARS
from customers.phones import clean_phone
from customers.services.drafts import ContactDraft, Correction, CustomerDraft, NewCustomer, PlaceDraft
from customers.services.grading import Grades

HIDDEN_DOOR = masking.door("1")


class Flags(forms.CheckboxSelectMultiple):
    """Tick boxes with the icons of the tags."""

    icons = FLAG_ICONS


class FileFields(PlaceFields):
    """The file, its first contact and its main place, as one form asks for them."""

    name = forms.CharField(label=_("Name"), max_length=NAME_CHARS, error_messages={"required": _("Write the name.")})
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Write a phone number.")},
    )
    contact_name = forms.CharField(
        label=_("Who answers"), max_length=NAME_CHARS, required=False, help_text=_("When it is not the customer")
    )
    klass = forms.ChoiceField(
        label=_("Usage category"), choices=CustomerKlass.choices, initial=CustomerKlass.RESIDENTIAL, widget=Picks
    )
    voltage = forms.ChoiceField(label=_("Voltage"), choices=Voltage.choices, initial=Voltage.LOW, widget=Picks)
    flags = forms.MultipleChoiceField(label=_("Take care"), choices=Flag.choices, required=False, widget=Flags)
    language = forms.ChoiceField(
        label=_("Writes and reads"), choices=Language.choices, initial=Language.CHINESE, widget=Picks
    )
    field_order = (
        "name", "phone", "address", "door", "meter_no", "transformer", "klass", "voltage", "flags", "language",
        "contact_name",
    )  # fmt: skip

    def clean_name(self) -> str:
        return refused(clean_name, self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return refused(clean_phone, self.cleaned_data["phone"])

    def customer_draft(self) -> CustomerDraft:
        """The file itself, for a service."""
        data = self.cleaned_data
        return CustomerDraft(
            name=data["name"],
            account_no=data.get("account_no", ""),
            klass=data["klass"],
            voltage=data["voltage"],
            flags=tuple(data["flags"]),
            language=data["language"],
        )

    def contact(self) -> ContactDraft:
        """Whom to call, for a service."""
        return ContactDraft(phone=self.cleaned_data["phone"], name=self.cleaned_data["contact_name"])


class NewCustomerForm(FileFields):
    """A customer who is not on file."""

    account_no = forms.CharField(
        label=_("Account number"), max_length=16, required=False, help_text=_("Left empty, one is given")
    )
    is_different = forms.BooleanField(required=False, widget=forms.HiddenInput)
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    def clean_account_no(self) -> str:
        return refused(clean_account, self.cleaned_data["account_no"])

    def new_customer(self) -> NewCustomer:
        """Everything that was taken down, for `save_customer`."""
        request_id: UUID | None = self.cleaned_data["request_id"]
        return NewCustomer(
            customer=self.customer_draft(),
            contact=self.contact(),
            place=self.place(),
            is_different=self.cleaned_data["is_different"],
            request_id=request_id,
        )


class CorrectForm(FileFields):
    """A file as it stands, phone and door masked: what is left masked stays as it is on file."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, customer: Customer, **options) -> None:
        self.customer = customer
        self.first = next((c for c in customer.contacts.all() if c.is_primary), None)
        self.main = next((p for p in customer.supply_points.all() if p.is_main), None)
        super().__init__(data, initial=self.on_file(), **options)
        self.fields["phone"].help_text = _("Left alone, the number on file is used")

    def on_file(self) -> dict:
        """What the form begins with."""
        kept = {
            name: getattr(self.customer, name) for name in ("name", "klass", "voltage", "flags", "language", "version")
        }
        if self.first:
            answers = "" if self.first.name == self.customer.name else self.first.name
            kept |= {"phone": masking.phone(self.first.phone), "contact_name": answers}
        if self.main:
            kept |= {"address": self.main.address, "door": masking.door(self.main.door)}
            kept |= {"meter_no": self.main.meter_no, "transformer": self.main.transformer.name}
        return kept

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        if self.first and typed == masking.phone(self.first.phone):
            return ""
        return refused(clean_phone, typed)

    def clean_transformer(self):
        is_kept = self.main and self.cleaned_data["transformer"].strip() == self.main.transformer.name
        return None if is_kept else super().clean_transformer()

    def correction(self) -> Correction:
        """How the file should read, for `correct_customer`."""
        data = self.cleaned_data
        place = PlaceDraft(
            address=data["address"],
            door=None if data["door"] == HIDDEN_DOOR else data["door"],
            meter_no=data["meter_no"],
            transformer=data["transformer"],
        )
        return Correction(version=data["version"], customer=self.customer_draft(), contact=self.contact(), place=place)


class GradeForm(forms.Form):
    """Importance, key account and secrecy."""

    importance = forms.ChoiceField(label=_("Important user"), choices=Importance.choices, widget=Picks)
    key_account = forms.ChoiceField(label=_("Key account"), choices=KeyAccount.choices, widget=Picks)
    secrecy_level = forms.ChoiceField(label=_("Secrecy level"), choices=Secrecy.choices, widget=Picks)
    secrecy_until = forms.DateField(
        label=_("Secret until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("After this day the file is ordinary by itself"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, customer: Customer) -> None:
        names = ("importance", "key_account", "secrecy_level", "secrecy_until", "version")
        super().__init__(data, initial={name: getattr(customer, name) for name in names})

    def grades(self) -> Grades:
        """For `grade_customer`."""
        data = self.cleaned_data
        return Grades(**{name: data[name] for name in ("importance", "key_account", "secrecy_level", "secrecy_until")})
