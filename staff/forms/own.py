"""Forms a member fills in for themselves: login, code, password, profile."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.models import Member
from staff.words import check_phone


class LoginForm(forms.Form):
    """Staff number and password; nothing stops pasting or a password manager."""

    username = forms.CharField(
        label=_("Staff number"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.member: Member | None = None
        if not self.is_bound:  # only what a demo fills in is written out, never what was typed
            self.fields["password"].widget.render_value = True

    def clean_username(self) -> str:
        """The staff number as it is stored: capitals, no blanks around."""
        return self.cleaned_data["username"].strip().upper()

    def clean(self) -> dict[str, Any]:
        """Ask the backends; say how many tries are left, never which of the two is wrong."""
        cleaned = super().clean() or {}
        if not self.errors:
            credentials = {"username": cleaned["username"], "password": cleaned["password"]}
            self.member = authenticate(self.request, **credentials)
            if self.member is None:
                self.add_error("password", self._wrong())
        return cleaned

    def _wrong(self) -> str:
        left = settings.AXES_FAILURE_LIMIT - (getattr(self.request, "axes_failures_since_start", None) or 0)
        return ngettext(
            "Staff number or password is wrong; %(count)s try left",
            "Staff number or password is wrong; %(count)s tries left",
            left,
        ) % {"count": max(left, 0)}


class CodeForm(forms.Form):
    """Six figures of the app, or a backup code."""

    token = forms.CharField(
        label=_("Login code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """The present password and the new one, typed twice."""

    old = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = " · ".join(text for text in password_validators_help_texts() if text)

    def clean(self) -> dict[str, Any]:
        """The two new ones must be the same."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("This is not the same as above"))
        return cleaned


class ProfileForm(forms.ModelForm):
    """What a member decides alone."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser asks")), *settings.LANGUAGES]
    )

    class Meta:
        model = Member
        fields = ["language", "phone", "email", "single_keys"]
        widgets = {
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {"single_keys": _("J, K, N and other keys that work without Ctrl or Alt")}

    def clean_phone(self) -> str:
        """A number that can be dialled."""
        return clean_phone(self.cleaned_data["phone"])


def clean_phone(text: str) -> str:
    """The number as typed, without blanks. Raises: ValidationError in plain words."""
    text = text.replace(" ", "")
    fault = check_phone(text)
    if fault:
        raise forms.ValidationError(fault)
    return text
