"""Select elements are drawn as Django draws them, only sooner."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from common.drawing import FormRenderer

CHOICES = [("", "—"), ("x", "<b>&"), (1, "eins"), ("Gruppe", [("p", "P"), ("q", "Q")])]
FIELDS = {
    "plain": forms.ChoiceField(choices=CHOICES, initial="q"),
    "optional": forms.ChoiceField(choices=CHOICES, required=False, initial=1),
    "odd attributes": forms.ChoiceField(
        choices=CHOICES, widget=forms.Select(attrs={"class": "c", "disabled": True, "data-x": "'\"<", "hidden": False})
    ),
    "many": forms.MultipleChoiceField(choices=[("u", "U"), ("v", "V"), ("w", "W")], initial=["u", "w"]),
    "yes or no": forms.NullBooleanField(),
}


def parts(html: str) -> list[tuple[str, frozenset[str]]]:
    """Every tag and text in order; attributes in any order."""
    found = re.findall(r"<(/?\w+)([^>]*)>|([^<>\s][^<>]*)", html)
    return [(tag or text.strip(), frozenset(re.findall(r'[\w-]+(?:="[^"]*")?', attrs))) for tag, attrs, text in found]


@pytest.mark.parametrize("name", FIELDS)
def test_a_select_says_what_djangos_template_says(name):
    form = type("AForm", (forms.Form,), {"field": FIELDS[name]})
    ours, theirs = (form(renderer=renderer())["field"].as_widget() for renderer in (FormRenderer, DjangoTemplates))
    assert parts(ours) == parts(theirs)
    assert "<option" in ours
