"""The language of templates: simple names only, never a hole."""

import pytest

from notifications import wording
from notifications.segments import measure


def test_names_are_filled_and_doubled_braces_are_braces():
    assert wording.fill("{name}，{by} 前到 {{不变}}", {"name": "陈淑兰", "by": "15:17"}) == "陈淑兰，15:17 前到 {不变}"


def test_braces_inside_a_value_stay_as_typed():
    assert wording.fill("{name}", {"name": "{by} {0} {{"}) == "{by} {0} {{"


@pytest.mark.parametrize(
    "text", ["{name.__class__}", "{name[0]}", "{name!r}", "{name:>99999999}", "{}", "{0}", "{Name}", "{na me}"]
)
def test_anything_but_a_simple_name_is_refused(text: str):
    with pytest.raises(wording.BadText):
        wording.parse(text)


@pytest.mark.parametrize("text", ["{name", "name}", "{{name}"])
def test_braces_that_do_not_pair_are_refused(text: str):
    with pytest.raises(wording.BadText):
        wording.parse(text)


def test_a_missing_value_is_named():
    with pytest.raises(wording.MissingValue) as caught:
        wording.fill("{name}，{by} 前到", {"name": "陈淑兰"})
    assert caught.value.name == "by"


@pytest.mark.parametrize(
    ("text", "units", "pieces"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("电" * 70, 70, 1),
        ("电" * 71, 71, 2),
        ("电" * 134, 134, 2),
        ("电" * 135, 135, 3),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
        ("a" * 69 + "’", 70, 1),
    ],
)
def test_sms_length_changes_at_the_published_borders(text: str, units: int, pieces: int):
    length = measure(text)
    assert (length.units, length.pieces) == (units, pieces)
    assert length.units <= length.room
