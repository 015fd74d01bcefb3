"""The rules of the house that a tool can check: docs/architecture.md says why."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
ROOMS = settings.ROOMS
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".toml",
    ".json",
    ".js",
    ".css",
    ".yml",
    ".yaml",
    ".sh",
    ".csv",
    ".svg",
    ".cfg",
    "",
}


def tracked() -> list[Path]:
    """Every file git knows or would know, as it lies in the tree now."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = {name for name in listing.stdout.decode().split("\0") if name}
    return sorted(path for name in names if (path := ROOT / name).is_file())


FILES = tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]
TEMPLATES = [path for path in FILES if path.suffix == ".html" and path.is_relative_to(ROOT / "templates")]


def code(*, migrations: bool = False) -> list[Path]:
    """Python of the rooms."""
    return [
        path
        for path in PYTHON
        if path.relative_to(ROOT).parts[0] in ROOMS and ("migrations" in path.parts) is migrations
    ]


def in_views(path: Path) -> bool:
    return "views" in path.relative_to(ROOT).parts or path.name == "views.py"


def nodes(paths: list[Path], kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """(place, node) of every node of a kind."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


def none_of(offences: list[str]) -> None:
    assert not offences, "\n" + "\n".join(offences)


# ── Python ──────────────────────────────────────────────────────────────


def test_views_ask_selectors_and_services_instead_of_managers():
    views = [path for path in code() if in_views(path)]

    none_of([place for place, node in nodes(views, ast.Attribute) if node.attr in {"objects", "_default_manager"}])


def test_the_clock_is_read_by_django_only():
    none_of(
        [
            place
            for place, node in nodes(code(), ast.Call)
            if isinstance(node.func, ast.Attribute)
            and node.func.attr in {"now", "utcnow", "today", "fromtimestamp"}
            and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date"}
        ]
    )


def test_services_are_given_the_instant_and_do_not_look_at_the_clock():
    services = [path for path in code() if "services" in path.parts and "notifications" not in path.parts]
    calls = [place for place, node in nodes(services, ast.Call) if ast.unparse(node.func) == "timezone.now"]

    none_of(calls)


def test_no_deadline_is_left_to_the_broker():
    none_of([place for place, node in nodes(code(), ast.keyword) if node.arg in {"eta", "countdown"}])


def test_migrations_import_no_room():
    """But Django writes ``import room.models.x`` itself for a default that is a function; nothing may be taken from
    it."""
    paths = code(migrations=True)
    taken = [place for place, node in nodes(paths, ast.ImportFrom) if (node.module or "").split(".")[0] in ROOMS]
    called = [
        f"{place} {ast.unparse(node)}"
        for place, node in nodes(paths, ast.Call)
        if ast.unparse(node.func).split(".")[0] in ROOMS
    ]

    none_of(taken + called)


def test_state_is_written_in_services_only():
    outside = [path for path in code() if "services" not in path.parts]
    written = [
        place
        for place, node in nodes(outside, ast.Assign)
        if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in node.targets)
    ]
    updated = [
        place
        for place, node in nodes(outside, ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr == "update"
        and any(word.arg == "state" for word in node.keywords)
    ]

    none_of(written + updated)


def test_files_stay_short_enough_to_read():
    def most(path: Path) -> int:
        return 500 if path.is_relative_to(ROOT / "tests") else 400

    checked = [path for path in FILES if path.suffix in {".py", ".js"} and "migrations" not in path.parts]
    lengths = [(path, len(path.read_text(encoding="utf-8").splitlines())) for path in checked]
    none_of([f"{path.relative_to(ROOT)}: {length} lines" for path, length in lengths if length > most(path)])


@pytest.mark.parametrize("kind", [ast.FunctionDef, ast.AsyncFunctionDef])
def test_functions_stay_short_enough_to_read(kind):
    checked = [path for path in PYTHON if "migrations" not in path.parts]

    def length(node: ast.AST) -> int:
        return (node.end_lineno or 0) - node.lineno + 1

    none_of([f"{place} {node.name}: {length(node)} lines" for place, node in nodes(checked, kind) if length(node) > 50])


# ── templates ───────────────────────────────────────────────────────────

BARE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE)
STYLE = re.compile(r"<style\b|[\s\"']style=", re.IGNORECASE)
HANDLER = re.compile(r"\son[a-z]+=[\"']", re.IGNORECASE)


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [BARE_SCRIPT, STYLE, HANDLER], ids=["script", "style", "handler"])
def test_templates_carry_nothing_the_content_security_policy_forbids(pattern):
    none_of(lines_with(pattern))


def test_templates_begin_with_a_comment():
    none_of([str(path.relative_to(ROOT)) for path in TEMPLATES if not path.read_text().startswith("{#")])


def test_templates_stay_short_enough_to_read():
    def most(path: Path) -> int:
        return 60 if path.name.startswith("_") or path.parent.name == "parts" else 150

    lengths = [(path, len(path.read_text().splitlines())) for path in TEMPLATES]
    none_of([f"{path.relative_to(ROOT)}: {length} lines" for path, length in lengths if length > most(path)])


# ── every file ──────────────────────────────────────────────────────────

# Put together here, so that this file does not offend against itself.
MACHINE = re.compile(
    "|".join([r"(?<![\w.])/" + "work/", r"(?<!:)/" + "root/", "/" + "home/[a-z]+/", "farm" + "-studio"])
)
REGISTRIES = ["pypi" + r"\.", "python" + r"hosted\.", "npm" + r"js\.", "npm" + "mirror"]
REGISTRY = re.compile(rf"https?://[\w.-]*(?:{'|'.join(REGISTRIES)})", re.IGNORECASE)
LOCKS = re.compile(
    r"(^|/)(requirements[^/]*\.txt|requirements/.*|package-lock\.json|.*\.lock|\.npmrc|pip\.conf|uv\.toml)$"
)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (BARE_SCRIPT, "<script>", True),
        (BARE_SCRIPT, '<script src="/static/js/desk.js" defer>', False),
        (BARE_SCRIPT, '<script type="application/json" id="x">', False),
        (STYLE, '<p style="color:red">', True),
        (STYLE, '<link rel="stylesheet">', False),
        (HANDLER, '<a onclick="go()">', True),
        (HANDLER, '<a hx-on="x">', False),
        (MACHINE, "cd /" + "work/main", True),
        (MACHINE, "how we /" + "network/", False),
        (REGISTRY, "https://" + "files.python" + "hosted.org/x", True),
        (REGISTRY, "https://example.cn/", False),
    ],
)
def test_patterns_find_what_they_are_for_and_nothing_else(pattern, text, found):
    assert bool(pattern.search(text)) is found


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["machine path", "registry"])
def test_no_file_names_this_machine_or_a_package_registry(pattern):
    texts = [path for path in FILES if path.suffix in TEXT]
    offences = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in texts
        if (found := pattern.search(path.read_text(encoding="utf-8", errors="ignore")))
    ]

    none_of(offences)


def test_lock_files_carry_no_address_at_all():
    locks = [path for path in FILES if LOCKS.search(str(path.relative_to(ROOT)))]

    assert locks
    none_of([str(path.relative_to(ROOT)) for path in locks if re.search(r"https?://", path.read_text())])


def test_todo_names_an_issue():
    marked = re.compile(r"\b(TODO|FIXME|XXX)\b(?!.*#\d)")
    none_of(
        [
            f"{path.relative_to(ROOT)}:{number}"
            for path in PYTHON
            if path != Path(__file__)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if marked.search(line)
        ]
    )
