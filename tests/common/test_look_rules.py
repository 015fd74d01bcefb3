"""House rules of the look that a reader of one page cannot see."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from script.lib.icons import names, symbol

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
CLASS = re.compile(r'class="([^"]*)"')


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_has_no_inline_style_or_script(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "http://" not in text.replace("http://www.w3.org", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_uses_only_our_own_class_names(path):
    plain = re.sub(r"{%.*?%}|{{.*?}}", " ", path.read_text("utf-8"))
    foreign = {c for found in CLASS.findall(plain) for c in found.split() if not c.startswith(("dh-", "-", "htmx-"))}
    assert not foreign


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_says_first_what_it_is(path):
    assert path.read_text("utf-8").startswith("{#")


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_a_style_sheet_stays_with_what_old_browsers_know(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert not re.search(r"oklch\(|light-dark\(|color-mix\(|:has\(|@layer|@import|@container", text)


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_a_style_sheet_names_only_our_own_classes(path):
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text("utf-8"), flags=re.S)
    selectors = re.findall(r"([^{}]+)\{", text)
    foreign = {
        c for one in selectors for c in re.findall(r"\.([A-Za-z][\w-]*)", one) if not c.startswith(("dh-", "htmx-"))
    }
    assert not foreign


def test_colours_are_written_once_as_tokens():
    """A hex value outside the token blocks must be black, white or a token's own value in the wall view."""
    text = "".join(path.read_text("utf-8") for path in SHEETS)
    tokens = set(re.findall(r"--[\w-]+:\s*(#[0-9A-Fa-f]{3,6})", text))
    loose = set(re.findall(r"(?<!-)\b(?:color|background|fill|stroke|border[\w-]*):[^;]*?(#[0-9A-Fa-f]{3,6})", text))
    assert loose - tokens <= {"#fff", "#000", "#999"}


def test_every_icon_that_is_used_is_on_the_list():
    known = set(names((ROOT / "static" / "icons.txt").read_text("utf-8")))
    used = set()
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        used |= set(re.findall(r'{% icon "([\w-]+)"', text)) | set(re.findall(r'\bicon="([\w-]+)"', text))
    assert used
    assert used <= known


def test_every_icon_on_the_list_is_in_the_sprite():
    sprite = ROOT / "static" / "vendor" / "icons.svg"
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite.read_text("utf-8")))
    assert drawn == set(names((ROOT / "static" / "icons.txt").read_text("utf-8")))


def test_an_icon_keeps_its_shapes_and_loses_its_blank_square_and_style():
    blank = '<path stroke="none" d="M0 0h24v24H0z" fill="none"/>'
    drawing = f'<svg stroke="red">{blank}<path d="M1 1h2" /><circle cx="1" cy="2" r="3"/></svg>'
    assert symbol("x", drawing) == (
        '<symbol id="x" viewBox="0 0 24 24"><path d="M1 1h2" /><circle cx="1" cy="2" r="3"/></symbol>\n'
    )


def test_an_icon_without_shapes_is_refused():
    with pytest.raises(SystemExit, match="x holds no shape"):
        symbol("x", "<svg></svg>")


def test_the_script_that_rewords_promises_stays_small():
    assert len(gzip.compress((ROOT / "static" / "js" / "promise.js").read_bytes())) < 2048


def test_public_pages_stay_light():
    """ui.md §11: first view of a public page ≤ 150 kB; what we add to it ourselves, compressed."""
    parts = ["css/denghuo.css", "css/phone.css", "js/promise.js", "js/page.js", "vendor/icons.svg"]
    assert sum(len(gzip.compress((ROOT / "static" / part).read_bytes())) for part in parts) < 30_000


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_needs_no_eval(path):
    assert not re.search(r"\beval\(|new Function\(|setTimeout\(['\"]", path.read_text("utf-8"))
