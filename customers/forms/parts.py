"""Fields that more than one form asks for."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Refusal
from customers.choices import ContactRole
from customers.cleaning import clean_meter, clean_place
from customers.models import Transformer
from customers.models.customer import ADDRESS_CHARS, DOOR_CHARS, METER_CHARS, NAME_CHARS
from customers.phones import clean_phone
from customers.selectors.network import transformers_like
from customers.services.drafts import ContactDraft, PlaceDraft


def refused(clean, value: str) -> str:
    """What a cleaning function makes of ``value``, its refusal as an error of the field."""
    try:
        return clean(value)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal.message)) from refusal


class PlaceFields(forms.Form):
    """Where: address, door, meter, transformer."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=ADDRESS_CHARS + DOOR_CHARS,
        error_messages={"required": gettext_lazy("Write the address.")},
    )
    door = forms.CharField(label=gettext_lazy("Door number"), max_length=DOOR_CHARS, required=False)
    meter_no = forms.CharField(label=gettext_lazy("Meter number"), max_length=METER_CHARS + 8, required=False)
    transformer = forms.CharField(
        label=gettext_lazy("Transformer"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Name or code; known by itself where neighbours are on file"),
    )

    def clean_meter_no(self) -> str:
        return refused(clean_meter, self.cleaned_data["meter_no"])

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        refused(lambda text: clean_place(text, ""), address)
        return address

    def clean_transformer(self) -> Transformer | None:
        """The one that is meant; several or none are said with the nearest names."""
        text = self.cleaned_data["transformer"].strip()
        if not text:
            return None
        found = transformers_like(text)
        if len(found) == 1 or (found and text in (found[0].code, found[0].name)):
            return found[0]
        if not found:
            raise forms.ValidationError(_("No transformer has this name or code."))
        names = ", ".join(f"{one.name} ({one.code})" for one in found)
        raise forms.ValidationError(_("Which one: %(names)s?") % {"names": names})

    def place(self) -> PlaceDraft:
        """Where it is, for a service."""
        data = self.cleaned_data
        return PlaceDraft(
            address=data["address"], door=data["door"], meter_no=data["meter_no"], transformer=data["transformer"]
        )


class PlaceForm(PlaceFields):
    """One more supply point."""


class ContactForm(forms.Form):
    """One more person to call."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_CHARS, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Write a phone number.")},
    )
    role = forms.ChoiceField(label=gettext_lazy("Who that is"), choices=ContactRole.choices)

    def clean_phone(self) -> str:
        return refused(clean_phone, self.cleaned_data["phone"])

    def contact(self) -> ContactDraft:
        """Whom to call, for a service."""
        return ContactDraft(**self.cleaned_data)
