"""Forms of the message pages."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from notifications.choices import Channel
from notifications.models import Message
from notifications.services.texts import MOST_CHARACTERS, Wording


class WordsForm(forms.Form):
    """Subject and text of one place; an SMS has no subject. What may stand in them, the service says."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        error_messages={"required": _("Write a subject: it is what people see first.")},
    )
    body = forms.CharField(
        label=_("Text"), widget=forms.Textarea, strip=False, error_messages={"required": _("Write the text.")}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    case = forms.ChoiceField(label=_("Try it with"))

    def __init__(self, data: QueryDict | None, *, wording: Wording, cases: list[Message]) -> None:
        initial = {"subject": wording.text.subject, "body": wording.text.body, "version": wording.version}
        super().__init__(data, initial=initial)
        case = cast(forms.ChoiceField, self.fields["case"])
        case.choices = [("sample", _("the sample")), *((str(one.pk), one.about) for one in cases)]
        body = cast(forms.CharField, self.fields["body"])
        body.max_length = MOST_CHARACTERS[Channel(wording.channel)]  # counted beside the field; the service refuses
        if wording.channel == Channel.SMS:
            del self.fields["subject"]

    @property
    def typed(self) -> tuple[str, str]:
        """Subject and text as they stand in the form now."""
        return str(self["subject"].value() or "") if "subject" in self.fields else "", str(self["body"].value() or "")


class QuietHoursForm(forms.Form):
    """When customers are left alone."""

    is_on = forms.BooleanField(label=_("Keep quiet hours"), required=False)
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=_("To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Of the next day, when it is earlier than the start"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
