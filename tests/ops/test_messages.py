"""script/messages: what it finds in the source, how it folds translations in, what it calls wrong."""

import json
from pathlib import Path

import pytest

from script.lib import messages

TEMPLATE = """{# page: nothing #}
      {% if found %}
        <p class="it's">{% translate "Arrive" %} {{ name|default:_("nobody") }}</p>
          {% blocktranslate count n=orders trimmed %}
             {{ n }} order
          {% plural %}
             {{ n }} orders
          {% endblocktranslate %}
        {% translate "Due" context "clock" %}
      {% endif %}
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def catalogue_with(*texts: str | tuple[str, str], context: str | None = None):
    catalogue = messages.blank()
    for text in texts:
        catalogue.add(text, context=context)
    return catalogue


def test_template_with_indent_and_quotes_gives_every_kind_of_text(page):
    found = [(text, context) for text, context, _ in messages.strings(page)]

    assert ("Arrive", None) in found
    assert ("nobody", None) in found
    assert (("%(n)s order", "%(n)s orders"), None) in found
    assert ("Due", "clock") in {(text if isinstance(text, str) else text[-1], context) for text, context in found}


def test_python_lazy_plural_and_context_calls_are_found(tmp_path):
    path = tmp_path / "forms.py"
    path.write_text(
        "a = gettext_lazy('Place')\nb = ngettext_lazy('%d day', '%d days', n)\nc = pgettext_lazy('verb', 'Answer')\n"
    )

    found = list(messages.strings(path))

    assert [text if isinstance(text, str) else text[0] for text, _, _ in found][:2] == ["Place", "%d day"]
    assert found[2][1] == "verb"


def test_half_written_file_is_named_and_not_fatal(tmp_path, monkeypatch):
    bad = messages.ROOT / "nowhere.py"
    monkeypatch.setattr(messages, "sources", lambda: iter([bad]))
    old = catalogue_with("Kept")
    old["Kept"].string = "留着"

    fresh, broken = messages.update(old)

    assert "nowhere.py" in broken[0]
    assert fresh["Kept"].string == "留着"


def test_merge_reads_plain_plural_and_context_keys(tmp_path):
    catalogue = catalogue_with("Place", ("%(n)s order", "%(n)s orders"))
    catalogue.add("Answer", context="verb")
    (tmp_path / "room.json").write_text(
        json.dumps(
            {
                "Place": "地点",
                "%(n)s order\0%(n)s orders": "%(n)s 单",
                "verb\x04Answer": "答复",
                "Nobody asks": "没人问",
            },
            ensure_ascii=False,
        )
    )

    messages.merge(catalogue, tmp_path)

    assert catalogue["Place"].string == "地点"
    assert catalogue["%(n)s order"].string == ("%(n)s 单",)
    assert catalogue.get("Answer", "verb").string == "答复"


@pytest.mark.parametrize(
    ("english", "chinese", "wrong"),
    [
        ("Due %(at)s", "%(at)s 前", False),
        ("Due %(at)s", "前", True),
        ("Due {at}", "{when} 前", True),
        ("%s of %s", "%s", True),
        ("98 % done", "完成 98 %", False),
        (("One order", "%(n)s orders"), "%(n)s 单", False),
        (("One order", "%(n)s orders"), "一单", False),
        (("%(n)s order", "%(n)s orders"), "一单", True),
    ],
)
def test_placeholders_lost_or_invented_are_a_problem(english, chinese, wrong):
    catalogue = catalogue_with(english)
    message = next(m for m in catalogue if m.id)
    message.string = messages.fitting(message, chinese)

    assert bool(messages.placeholder_problem(message)) is wrong
