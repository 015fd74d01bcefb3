"""Giving a file of past outages, saying what its columns are, and what its words for causes mean."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outages.choices import Cause
from outages.models import HistorySource
from outages.selectors.history import led_units, sources
from outages.services.history.facts import FORMS, GUESSES, ISO, NEEDED, Fact
from outages.services.history.reading import ENDINGS
from outages.services.history.sources import Mapped
from staff.models import Member, Unit

MOST_BYTES = 200 * 1024 * 1024
PLANNED_WORDS = "planned, yes, true, 1, 计划, 计划停电, 是"


class HistoryForm(forms.Form):
    """The file, where it comes from, and whose customers it speaks of."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput({"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty.")},
    )
    source = forms.ModelChoiceField(
        HistorySource.objects,
        label=gettext_lazy("Where it comes from"),
        required=False,
        empty_label=gettext_lazy("Another system: I name the columns"),
        help_text=gettext_lazy("How files of a known system read is on file already"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects,
        label=gettext_lazy("Unit"),
        empty_label=None,
        help_text=gettext_lazy("Its outages; a row that names its own unit counts there"),
    )

    def __init__(self, *args: Any, actor: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset, self.fields["unit"].queryset = sources(), led_units(actor)
        self.fields["unit"].label_from_instance = lambda unit: unit.label
        self.initial.setdefault("request_id", uuid4())

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(tuple(f".{ending}" for ending in ENDINGS)):
            raise forms.ValidationError(_("Give a CSV, XLSX or JSON file"))
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("At most 200 MB; split the file."))
        return file

    def request(self) -> UUID:
        """The id of this press."""
        return self.cleaned_data["request_id"] or uuid4()


class MappingForm(forms.Form):
    """Which column says what, how times and planned work are written, which rows are none of ours."""

    name = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        max_length=80,
        help_text=gettext_lazy("The system's name; its next files read the same"),
    )
    forms_used = forms.MultipleChoiceField(
        label=gettext_lazy("Times are written as"),
        choices=list(FORMS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=40,
        help_text=gettext_lazy("Of times that name none: Asia/Shanghai, UTC, America/New_York"),
    )
    ends_are_sightings = forms.BooleanField(
        label=gettext_lazy("“Back since” is only the last time it was seen"),
        required=False,
        help_text=gettext_lazy("Then what was seen to the very last moment of the file counts as still off"),
    )
    planned_words = forms.CharField(
        label=gettext_lazy("Words that mean planned"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("What “Planned or not” says, divided by commas; all else is unplanned"),
    )
    skip_column = forms.ChoiceField(label=gettext_lazy("Leave out rows where"), required=False)
    skip_words = forms.CharField(
        label=gettext_lazy("says"), max_length=300, required=False, help_text=gettext_lazy("Divided by commas")
    )
    skip_why = forms.CharField(label=gettext_lazy("because"), max_length=120, required=False)

    def __init__(self, *args: Any, headings: list[str], source: HistorySource | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        choices = [(heading, heading) for heading in dict.fromkeys(headings) if heading]
        for fact in Fact:
            self.fields[fact.value] = forms.ChoiceField(
                label=fact.label,
                choices=[("", gettext_lazy("— not in the file —")), *choices],
                required=fact in NEEDED,
                error_messages={"required": gettext_lazy("Choose the column that says it.")},
            )
        self.fields["skip_column"].choices = [("", gettext_lazy("— none —")), *choices]
        self.initial = _of(source) if source else _guessed(headings)

    @property
    def facts(self) -> list[forms.BoundField]:
        """The fields that choose a column, in order."""
        return [self[fact.value] for fact in Fact]

    def clean_zone(self) -> str:
        name = self.cleaned_data["zone"].strip()
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise forms.ValidationError(_("No time zone has this name; write Asia/Shanghai or UTC")) from error
        return name

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("skip_column"):
            for name, words in (("skip_words", _("Say which words.")), ("skip_why", _("Say why; the report says it."))):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def mapped(self) -> Mapped:
        """What was said, as the service takes it; rules that this page does not show stay."""
        data = self.cleaned_data
        skips = list(self.source.skips[1:]) if self.source else []
        if data["skip_column"]:
            own = {"column": data["skip_column"], "words": words_of(data["skip_words"]), "why": data["skip_why"]}
            skips.insert(0, own)
        return Mapped(
            name=data["name"],
            columns={fact.value: data[fact.value] for fact in Fact},
            forms=data["forms_used"],
            zone=data["zone"],
            planned_words=words_of(data["planned_words"]),
            ends_are_sightings=data["ends_are_sightings"],
            skips=skips,
        )


class CausesForm(forms.Form):
    """What each word of the file is with us; one left open stays to be said."""

    def __init__(self, *args: Any, words: list[tuple[str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = dict(zip((f"word_{at}" for at in range(len(words))), words, strict=True))
        for name, (word, times) in self.words.items():
            field = forms.ChoiceField(
                label=word, choices=[("", gettext_lazy("— not said yet —")), *Cause.choices], required=False
            )
            field.times = times
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.values()):
            raise forms.ValidationError(_("Choose what at least one of them is."))
        return self.cleaned_data

    def causes(self) -> dict[str, str]:
        """Word → cause, of those that were said."""
        return {word: self.cleaned_data[name] for name, (word, _times) in self.words.items() if self.cleaned_data[name]}


def words_of(text: str) -> list[str]:
    """Words as a person lists them, divided by any comma."""
    for sign in "，、；;\n":
        text = text.replace(sign, ",")
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _of(source: HistorySource) -> dict[str, Any]:
    """What is on file of a source, to be changed."""
    first: Mapping[str, Any] = source.skips[0] if source.skips else {}
    return {
        **source.columns,
        "name": source.name,
        "forms_used": source.forms,
        "zone": source.zone,
        "planned_words": ", ".join(source.planned_words),
        "ends_are_sightings": source.ends_are_sightings,
        "skip_column": first.get("column", ""),
        "skip_words": ", ".join(first.get("words", [])),
        "skip_why": first.get("why", ""),
    }


def _guessed(headings: list[str]) -> dict[str, Any]:
    """Columns whose heading says what they are."""
    plain = {"".join(heading.split()).lower(): heading for heading in reversed(headings)}
    found = {fact.value: next((plain[name] for name in names if name in plain), "") for fact, names in GUESSES.items()}
    return {**found, "forms_used": [ISO, "%Y-%m-%d %H:%M:%S"], "zone": "Asia/Shanghai", "planned_words": PLANNED_WORDS}
