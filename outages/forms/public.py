"""What people without a login type: a place to look for, a number to be told at, the code it was sent."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Refusal
from customers.models import Area
from customers.phones import clean_phone
from customers.search import MAX_CHARS, plain
from outages.selectors.finding import account_in
from outages.selectors.following import areas_to_follow

CONSENT = gettext_lazy("You may send this number messages about these outages. A link in each message ends it.")


class SearchForm(forms.Form):
    """The one box of the public page."""

    q = forms.CharField(
        label=gettext_lazy("Address or account number"),
        max_length=MAX_CHARS,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": gettext_lazy("Address or account number"),
                "autocomplete": "off",
                "enterkeyhint": "search",
            }
        ),
        error_messages={"required": gettext_lazy("Write a street, a community or an account number.")},
    )

    def clean_q(self) -> str:
        """Raises: ValidationError when there is too little to look for."""
        text = self.cleaned_data["q"].strip()
        if len(plain(text)) < 2:
            raise ValidationError(_("Write at least two characters."))
        return text


class SubscribeForm(forms.Form):
    """Where, and the number to be told at. An area or an account, whichever was filled in."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    area = forms.TypedChoiceField(label=gettext_lazy("Area"), required=False, coerce=int, empty_value=None)
    account_no = forms.CharField(
        label=gettext_lazy("Or your account number"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Ten digits, on every bill: you hear of your own home alone"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=20,
        help_text=gettext_lazy("We send it a code first"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Where shall we send the messages?")},
    )
    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": gettext_lazy("Without your yes we send nothing.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("request_id", uuid4())
        self.fields["area"].choices = [("", _("Choose")), *areas_to_follow()]

    def clean_account_no(self) -> str:
        """Its digits. Raises: ValidationError when it cannot be one; whether it is one is not asked."""
        typed = self.cleaned_data["account_no"].strip()
        account_no = account_in(typed)
        if typed and not account_no:
            raise ValidationError(_("An account number has 10 digits."))
        return account_no

    def clean_phone(self) -> str:
        try:
            return clean_phone(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise ValidationError(str(refusal.message)) from refusal

    def clean(self) -> dict[str, Any]:
        """One place, not two. Raises: ValidationError."""
        data = super().clean() or self.cleaned_data
        if "area" in data and "account_no" in data and bool(data["area"]) == bool(data["account_no"]):
            chosen = _("Choose one: the area or the account.")
            self.add_error("area", chosen if data["area"] else _("Choose an area, or write your account number."))
        return data

    def arguments(self) -> dict[str, Any]:
        """What the service is called with, beside client and now."""
        data = self.cleaned_data
        return {
            "phone": data["phone"],
            "area": Area(pk=data["area"]) if data["area"] else None,
            "account_no": data["account_no"],
            "consent": str(CONSENT),
            "request_id": data["request_id"] or uuid4(),
        }


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=gettext_lazy("Code from our message"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("It is in the message we sent.")},
    )

    def clean_code(self) -> str:
        """Its digits, as people copy them."""
        return "".join(self.cleaned_data["code"].split())
