"""The project's Python environment. Standard library only: this runs before there is a ``.venv``.

Every command names the groups of requirements it needs. A stamp inside the ``.venv`` remembers what was installed, so
that a second start asks nobody, and needs no network.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.lib.paths import LOCAL, PYTHON, ROOT, VENV, local

ALL = ("base", "local", "test")
GROUPS = {
    "server": ("base", "local"),
    "bench": ALL,
    "test": ALL,
    "screenshots": ALL,
    "requirements": ALL,
    "messages": ("base",),
    "container_secrets": (),
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;?)", re.MULTILINE)


class SetupError(Exception):
    """Set-up cannot go on; the text says what is missing and what to do."""


def prepare(command: str) -> None:
    """Make the ``.venv`` and install what ``command`` needs, unless the stamps say it is there.

    Raises: SetupError, with words for the person at the keyboard.
    """
    groups = groups_of(command)
    if groups:
        must_be_ours()
    if all(stamped(group) for group in groups):
        return
    with setup_lock():
        if not works(PYTHON):
            make_venv()
        missing = [group for group in groups if not stamped(group) and not satisfied(group)]
        if missing:
            install(groups)
        for group in groups:
            stamp(group).write_text(fingerprint(group))


def must_be_ours() -> None:
    """A tree that root has set up is root's. Raises: SetupError that says what to do."""
    for path in (LOCAL, VENV):
        if path.exists() and os.geteuid() not in {0, path.stat().st_uid} and not os.access(path, os.W_OK):
            raise SetupError(f"{path} belongs to another user. Run this as that user, or remove it and begin afresh.")


def groups_of(command: str) -> tuple[str, ...]:
    return GROUPS[command] if command in GROUPS else around_the_database()


def around_the_database() -> tuple[str, ...]:
    """What commands beside the server need: nothing of ours where the environment names a database."""
    named = "DATABASE_URL" in os.environ or "DATABASE_URL_FILE" in os.environ
    return ("base",) if named else ("base", "local")


@contextmanager
def setup_lock() -> Iterator[None]:
    """One set-up at a time in one project."""
    with local("setup.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# ── the stamp ───────────────────────────────────────────────────────────


def requirements(group: str) -> Path:
    return ROOT / "requirements" / f"{group}.txt"


def stamp(group: str) -> Path:
    return VENV / f".denghuo-{group}"


def fingerprint(group: str) -> str:
    """What was asked for, and where: a ``.venv`` that was moved or copied does not count as installed."""
    return f"{hashlib.sha256(requirements(group).read_bytes()).hexdigest()} {VENV}\n"


def stamped(group: str) -> bool:
    path = stamp(group)
    return path.exists() and PYTHON.exists() and path.read_text() == fingerprint(group)


def satisfied(group: str) -> bool:
    """Whether everything pinned is installed already, as in a ``.venv`` somebody made by hand."""
    listing = "import importlib.metadata as m; [print(d.name, d.version) for d in m.distributions()]"
    done = subprocess.run([PYTHON, "-c", listing], capture_output=True, text=True, check=False)
    have = {(canonical(name), version) for name, version in map(str.split, done.stdout.splitlines())}
    pins = PIN.findall(requirements(group).read_text())
    return all((canonical(name), version) in have for name, version, marker in pins if not marker)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# ── making and filling it ───────────────────────────────────────────────


def works(python: Path) -> bool:
    """Whether this interpreter starts and has pip; after a move or an upgrade of the system's Python it may not."""
    if not python.exists():
        return False
    return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    say(f"Making the Python environment (.venv, Python {sys.version_info.major}.{sys.version_info.minor})")
    base = Path(getattr(sys, "_base_executable", sys.executable))
    command: list[str | Path] = [base, "-m", "venv", "--clear", VENV]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and os.geteuid() == 0 and have("apt-get"):  # Debian keeps ensurepip in a package of its own
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        subprocess.run(["apt-get", "install", "-y", "-q", version], capture_output=True, check=False)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(
            f"Python's venv could not be made:\n{(done.stdout + done.stderr).strip()}\n"
            "On Debian and Ubuntu: sudo apt-get install python3-venv. Or name another Python with DENGHUO_PYTHON."
        )


def install(groups: tuple[str, ...]) -> None:
    say(f"Installing pinned packages ({', '.join(groups)}); this takes a few minutes the first time")
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    for group in groups:
        command += ["-r", requirements(group)]
    if subprocess.run(command, check=False).returncode:
        raise SetupError("The packages could not be installed (see above). The first set-up needs a network.")


def have(program: str) -> bool:
    from shutil import which

    return which(program) is not None


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)
