"""The Chinese catalogue, kept without gettext's programs (Babel does the work).

script/messages                 extract every source string, update the .po file, compile it
script/messages --merge DIR     the same, with translations from DIR/*.json folded in
script/messages --check         change nothing; fail when a translation is missing, stale or breaks its placeholders

A JSON file maps English to Chinese. A plural's key is "singular\\u0000plural", one with a context "context\\u0004text".
"""

import argparse
import fcntl
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from script.lib.paths import ROOT, local

PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {".venv", ".local", ".git", "node_modules", "tests", "migrations", "script", "docs", "static"}
TEMPLATES = {".html", ".txt", ".svg", ".xml"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%([sd])|\{(\w*)\}")
UNSTABLE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To): .*"\n',
    re.M,
)


Text = str | tuple[str, ...] | list[str] | None  # as Babel hands it out


class Unreadable(Exception):
    """A source file that cannot be read just now, usually because somebody is in the middle of it."""


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    with locked():
        if options.check:
            return tell(problems())
        old = read()
        catalogue, broken = update(old)
        for line in broken:
            complain(f"{line}; nothing is dropped from the catalogue this time")
        for directory in options.merge:
            merge(catalogue, directory)
        write(catalogue)
        compile_catalogue()
    return report(catalogue, everything=options.missing)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/messages", description=__doc__.split("\n")[0])
    parser.add_argument("--merge", metavar="DIR", type=Path, action="append", default=[], help="fold in DIR/*.json")
    parser.add_argument("--check", action="store_true", help="change nothing, fail on anything missing")
    parser.add_argument("--missing", action="store_true", help="print everything untranslated as JSON to fill in")
    return parser.parse_args(arguments)


@contextmanager
def locked() -> Iterator[None]:
    """One at a time: several people run this in one tree."""
    with local("messages.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# ── reading the source ──────────────────────────────────────────────────


def sources() -> Iterator[Path]:
    """Every Python file and template that may hold words for people, in a fixed order."""
    for top in sorted(ROOT.iterdir()):
        if top.is_dir() and top.name not in SKIPPED and not top.name.startswith("."):
            yield from sorted(
                path
                for path in top.rglob("*")
                if path.suffix in TEMPLATES | {".py"} and SKIPPED.isdisjoint(path.relative_to(ROOT).parts)
            )


def strings(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """The (text or plural pair, context, comments) of one file."""
    try:
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = as_python(source, path)
        for _line, text, comments, context in extract(
            "python", BytesIO(source.encode()), KEYWORDS, comment_tags=["Translators:"]
        ):
            yield text, context, comments
    except Exception as error:
        raise Unreadable(f"{path.relative_to(ROOT)} cannot be read ({error})") from error


def as_python(source: str, path: Path) -> str:
    """A template's translation tags as calls; lines lose their indent, which Python would take for structure."""
    from django.utils.translation.template import templatize

    return "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).split("\n"))


def extracted() -> tuple[Catalog, list[str]]:
    """A fresh catalogue of everything in the source, and the files that could not be read."""
    found, broken = blank(), []
    for path in sources():
        try:
            for text, context, comments in strings(path):
                if text:
                    found.add(text, context=context, auto_comments=comments)
        except Unreadable as error:
            broken.append(str(error))
    return found, broken


# ── the catalogue ───────────────────────────────────────────────────────


def blank() -> Catalog:
    return Catalog(locale="zh_Hans", project="Denghuo", version="1", header_comment="# Denghuo, Chinese.", fuzzy=False)


def read() -> Catalog:
    """The catalogue as it lies in the tree; an empty one before there is any."""
    if not PO.exists():
        return blank()
    with PO.open("rb") as handle:
        return read_po(handle, locale="zh_Hans")


def update(old: Catalog) -> tuple[Catalog, list[str]]:
    """The source's strings with the old translations. Nothing is dropped while a file cannot be read."""
    fresh, broken = extracted()
    for message in fresh:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None:
            message.string = fitting(message, known.string)
    if broken:
        for message in old:
            if message.id and fresh.get(message.id, message.context) is None:
                fresh.add(message.id, string=message.string, context=message.context)
    return fresh, broken


def fitting(message: Message, translation: Text) -> str | tuple[str, ...]:
    """A translation in the shape its message wants: Chinese has one form, a plural holds it in a tuple."""
    first = (translation[0] if isinstance(translation, (tuple, list)) else translation) or ""
    return (first,) if message.pluralizable else first


def text_of(message: Message) -> str:
    """The Chinese of a message, empty when there is none."""
    return (message.string[0] if isinstance(message.string, (tuple, list)) else message.string) or ""


def key_of(message: Message) -> str:
    """The key a message has in the JSON files."""
    text = "\0".join(message.id) if isinstance(message.id, (tuple, list)) else message.id
    return f"{message.context}\x04{text}" if message.context else text


def merge(catalogue: Catalog, directory: Path) -> None:
    """Fold ``directory/*.json`` in; of two files that disagree the one written last is believed, and it is said."""
    wanted = {key_of(message): message for message in catalogue if message.id}
    said: dict[str, tuple[str, str]] = {}
    for path in sorted(directory.glob("*.json"), key=lambda path: path.stat().st_mtime):
        try:
            pairs = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            complain(f"{path.name} is not JSON: {error}")
            continue
        strangers = [key for key in pairs if key not in wanted]
        for key, chinese in pairs.items():
            if key in wanted and chinese:
                if said.get(key, ("", chinese))[1] != chinese:
                    print(
                        f"! {said[key][0]} and {path.name} disagree on {key!r}: {said[key][1]} / {chinese}",
                        file=sys.stderr,
                    )
                said[key] = (path.name, chinese)
                wanted[key].string = fitting(wanted[key], chinese)
        if strangers:
            print(
                f"! {path.name}: no source string for {len(strangers)}: {', '.join(map(repr, strangers[:6]))}",
                file=sys.stderr,
            )


def write(catalogue: Catalog) -> None:
    """Write the .po file whole, sorted and without line numbers, so that a diff shows words only."""
    replace(PO, rendered(catalogue))


def rendered(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    return UNSTABLE.sub("", out.getvalue().decode()).encode()


def compile_catalogue() -> None:
    """The .mo file beside the .po file, from what is in the tree."""
    out = BytesIO()
    write_mo(out, read())
    replace(PO.with_suffix(".mo"), out.getvalue())


def replace(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(content)
    half.replace(path)


# ── what is wrong ───────────────────────────────────────────────────────


def problems() -> list[str]:
    """Every reason why the catalogue is not complete, in words; empty when it is."""
    old = read()
    fresh, broken = update(old)
    found = list(broken)
    for message in fresh:
        if not message.id:
            continue
        if not text_of(message):
            found.append(f"not translated: {key_of(message)!r}")
        elif wrong := placeholder_problem(message):
            found.append(wrong)
        if message.fuzzy:
            found.append(f"fuzzy: {key_of(message)!r}")
    known = {key_of(message) for message in fresh}
    found += [f"obsolete: {key_of(message)!r}" for message in old if message.id and key_of(message) not in known]
    if not found and (not PO.exists() or rendered(fresh) != PO.read_bytes()):
        found.append("the .po file is not as script/messages writes it")
    return found


def placeholder_problem(message: Message) -> str | None:
    """Placeholders must survive translation: none lost, none invented."""
    # A plural's Chinese stands for both forms and may leave out only what the singular leaves out too.
    forms = list(message.id) if isinstance(message.id, (tuple, list)) else [message.id]
    allowed, needed = placeholders(forms[-1]), placeholders(forms[0])
    given = placeholders(text_of(message))
    if given == allowed or (given <= allowed and needed <= given):
        return None
    return f"placeholders differ: {key_of(message)!r} → {text_of(message)!r}"


def placeholders(text: str) -> set[str]:
    """``%(name)s``, ``%s`` (with their number) and ``{name}`` of a text."""
    found = [match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))]
    return {f"{mark} ×{found.count(mark)}" if mark in {"%s", "%d", "{}"} else mark for mark in found}


def complain(line: str) -> None:
    print(f"! {line}", file=sys.stderr)


def tell(found: list[str]) -> int:
    for line in found:
        print(line)
    print(f"{len(found)} problems in the Chinese catalogue." if found else "The Chinese catalogue is complete.")
    return 1 if found else 0


def report(catalogue: Catalog, *, everything: bool) -> int:
    missing = [key_of(message) for message in catalogue if message.id and not text_of(message)]
    if everything:
        print(json.dumps(dict.fromkeys(missing, ""), ensure_ascii=False, indent=1))
        return 0
    total = sum(1 for message in catalogue if message.id)
    print(f"{total} texts, {len(missing)} not translated" + (" (--missing lists them)." if missing else "."))
    return 0
