"""The parts pages are made of, drawn as HTML."""

import re
from datetime import timedelta

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from common.widgets import Picks
from tests.conftest import moment

NOW = moment("2026-11-20 14:32")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def drawn(source: str, **context) -> str:
    request = context.pop("request", RequestFactory().get("/"))
    return engines["django"].from_string(source).render(context, request)


class Sample(forms.Form):
    phone = forms.CharField(label="Phone", help_text="As it is on file")
    note = forms.CharField(label="Note", required=False, max_length=200, widget=forms.Textarea)
    situation = forms.ChoiceField(
        label="What happened",
        choices=[("none", "No power"), ("part", "Part of the home"), ("danger", "Danger")],
        widget=Picks(keys=True, icons={"danger": "bolt"}, danger={"danger"}),
    )
    agreed = forms.BooleanField(label="The customer agrees")
    photo = forms.FileField(label="Photo", required=False)
    code = forms.CharField(widget=forms.HiddenInput)

    def clean_phone(self):
        raise forms.ValidationError("A mobile number has 11 digits")

    def clean(self):
        raise forms.ValidationError("This order is closed already")


def refused() -> Sample:
    form = Sample({"phone": "139<b>", "situation": "", "code": "x"})
    form.is_valid()
    return form


# ── fields ──────────────────────────────────────────────────────────────


def test_a_field_ties_its_hint_to_the_control():
    html = drawn("{% field form.phone %}", form=Sample())
    assert '<label for="id_phone">Phone</label>' in html
    assert 'aria-describedby="id_phone_hint"' in html
    assert 'id="id_phone_hint">As it is on file' in html
    assert "optional" not in html


def test_an_error_takes_the_place_of_the_hint_and_keeps_what_was_typed():
    html = drawn("{% field form.phone %}", form=refused())
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_phone_error"' in html
    assert re.search(r'id="id_phone_error">.*alert-triangle.*A mobile number has 11 digits', html, re.S)
    assert "As it is on file" not in html
    assert 'value="139&lt;b&gt;"' in html


def test_only_optional_fields_say_so():
    assert "optional" in drawn("{% field form.note %}", form=Sample())


def test_a_limited_text_carries_a_counter():
    assert 'data-count-for="id_note" data-limit="200"' in drawn("{% field form.note %}", form=Sample())


def test_few_choices_are_option_buttons_with_number_keys():
    html = drawn("{% field form.situation %}", form=Sample())
    assert html.count('type="radio"') == 3
    assert re.findall(r'data-key="(\d)"', html) == ["1", "2", "3"]
    assert '<label for="id_situation_2" class="dh-danger">' in html
    assert "#bolt" in html
    assert "<select" not in html


def test_a_group_carries_its_error_on_the_group():
    html = drawn("{% field form.situation %}", form=refused())
    assert re.search(r'<fieldset class="dh-f dh-f--bad" aria-describedby="id_situation_error"', html)


def test_a_checkbox_stands_before_its_label():
    html = drawn("{% field form.agreed %}", form=Sample())
    assert html.index('type="checkbox"') < html.index("The customer agrees")


def test_the_words_of_a_field_can_be_changed_in_place():
    html = drawn('{% field form.phone label="Call" hint="At work" css="dh-wide" %}', form=Sample())
    assert ">Call</label>" in html
    assert "At work" in html
    assert "dh-wide" in html


def test_a_hidden_field_is_only_its_input():
    assert drawn("{% field form.code %}", form=Sample()).count("<") == 1


def test_the_summary_links_to_each_field_in_order_and_says_that_text_is_kept():
    html = drawn("{% form_errors form %}", form=refused())
    assert re.findall(r'href="#(\w+)"', html) == ["id_phone", "id_situation_0", "id_agreed"]
    assert "3 things to mend" in html
    assert "This order is closed already" in html
    assert 'tabindex="-1"' in html


def test_a_form_without_errors_has_no_summary():
    form = Sample()
    assert drawn("{% form_errors form %}", form=form).strip() == ""


# ── small parts ─────────────────────────────────────────────────────────


def test_an_icon_is_silent_unless_it_stands_alone():
    assert 'aria-hidden="true"' in drawn('{% icon "bolt" %}')
    alone = drawn('{% icon "phone" label %}', label="Call <Li>")
    assert 'role="img" aria-label="Call &lt;Li&gt;"' in alone


@pytest.mark.parametrize("kind", ["", "plain", "look", "dark", "safety"])
def test_a_tag_escapes_its_words(kind):
    html = drawn("{% tag words kind=kind %}", words="<b>", kind=kind)
    assert "&lt;b&gt;" in html
    assert (f"dh-tag--{kind}" in html) == bool(kind)


def test_safety_always_shows_its_bolt():
    assert "#bolt" in drawn('{% tag "safety" kind="safety" %}')


def test_a_note_holds_markup_of_the_page_but_escapes_values():
    html = drawn('{% note kind="look" %}<b>Perhaps</b> {{ name }}{% endnote %}', name="<i>")
    assert "<b>Perhaps</b> &lt;i&gt;" in html
    assert "dh-note--look" in html


@pytest.mark.parametrize(
    ("lit", "looks"),
    [
        (0, ["cur"] + ["off"] * 5),
        (3, ["on"] * 3 + ["cur"] + ["off"] * 2),
        (5, ["on"] * 5 + ["cur"]),
        (6, ["on"] * 6),
    ],
)
def test_six_windows_light_up_one_after_another(lit, looks):
    html = drawn('{% windows lit "word" %}', lit=lit)
    assert re.findall(r'class="dh-(on|cur|off)"', html) == looks


def test_an_empty_page_has_one_lit_window_and_one_act():
    html = drawn('{% empty "Nothing" "Soon" "/x/" "Go" %}')
    assert html.count("dh-lit") == 1
    assert html.count("<a ") == 1
    assert "<a " not in drawn('{% empty "Nothing" %}')


@pytest.mark.parametrize(("done", "total", "percent"), [(0, 10, 0), (7738, 12480, 62), (10, 10, 100), (0, 0, 100)])
def test_a_bar_of_a_long_job_ends_at_a_hundred(done, total, percent):
    assert f'aria-valuenow="{percent}"' in drawn("{% progress done total %}", done=done, total=total)


def test_a_qr_code_is_black_squares_with_a_name():
    html = drawn('{% qr "https://example.invalid/f/BX" "Follow this order" %}')
    assert 'aria-label="Follow this order"' in html
    assert "style=" not in html


def test_a_changed_filter_keeps_the_others_and_starts_from_the_top():
    request = RequestFactory().get("/orders/?state=open&unit=a&unit=b&after=xyz")
    link = drawn('{% querystring_with state="closed" %}', request=request)
    query = QueryDict(link.replace("&amp;", "&").lstrip("?"))
    assert query.getlist("unit") == ["a", "b"]
    assert query["state"] == "closed"
    assert "after" not in query


def test_an_emptied_filter_leaves_the_address():
    request = RequestFactory().get("/orders/?state=open")
    assert drawn("{% querystring_with state=None %}", request=request) == "?"


# ── filters ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        ("{{ v|instant:now }}", moment("2026-11-21 09:00"), "tomorrow 9:00"),
        ("{{ v|instant_table:now }}", moment("2026-11-24 08:30"), "11-24 08:30"),
        ("{{ v|day:now }}", moment("2026-11-24 08:30"), "Tue 24 Nov"),
        ("{{ v|clock }}", moment("2026-11-24 08:30"), "8:30"),
        ("{{ v|duration }}", timedelta(minutes=45), "45 min"),
        ("{{ v|account }}", "4200361772", "4200 361 772"),
        ("{{ v|account }}", "420036177299", "4200 361 77299"),
        ("{{ v|phone_groups }}", "13976202716", "139 7620 2716"),
        ("{{ v|phone_groups }}", "139****2716", "139 **** 2716"),
        ("{{ v|phone_groups }}", "0717-6250001", "0717-6250001"),
    ],
)
def test_values_are_shown_the_houses_way(source, value, words):
    assert drawn(source, v=value, now=NOW) == words


@pytest.mark.parametrize(
    "name", ["instant:now", "instant_table:now", "day:now", "clock", "duration", "account", "phone_groups"]
)
def test_what_is_unknown_is_a_dash(name):
    assert drawn("{{ v|" + name + " }}", v=None, now=NOW) == "—"
