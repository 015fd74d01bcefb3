"""Giving a file of customers, supply points or the network."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.widgets import Picks
from customers.choices import ImportKind

MOST_BYTES = 200 * 1024 * 1024


class ImportForm(forms.Form):
    """What it brings, and the file."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the file brings"),
        choices=ImportKind.choices,
        initial=ImportKind.CUSTOMERS,
        widget=Picks,
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty.")},
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".csv", ".xlsx")):
            raise forms.ValidationError(_("Give a CSV or XLSX file"))
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("At most 200 MB; split the file."))
        return file
