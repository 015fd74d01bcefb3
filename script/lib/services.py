"""The database and the broker a command works with: those the environment names, or private ones started for it."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from script.lib import processes
from script.lib.broker import Broker
from script.lib.environment import say
from script.lib.owner import find_owner, home_for
from script.lib.paths import LOCAL, ROOT, local
from script.lib.postgres import Postgres

VENV_FIRST = str(ROOT / ".venv" / "bin")


@dataclass
class Services:
    """What is running, and the environment in which programs find it. ``postgres`` is None when it is not ours."""

    environment: dict[str, str]
    postgres: Postgres | None
    broker: Broker | None


@contextmanager
def services(name: str, *, durable: bool = True) -> Iterator[Services]:
    """Start what ``DATABASE_URL`` and ``REDIS_URL`` do not name, under ``.local/<name>``; stop it at the end, come
    what may.

    Raises: SetupError when one of them does not start.
    """
    environment = base_environment(name)
    postgres = broker = None
    with ExitStack() as stack:
        if not ("DATABASE_URL" in environment and "REDIS_URL" in environment):
            owner = find_owner()
            home = home_for(owner, name)
        if "DATABASE_URL" not in environment:
            say("Starting a private PostgreSQL")
            postgres = Postgres(home, owner, secret("postgres"), durable=durable)
            stack.callback(postgres.stop)
            postgres.start()
            environment["DATABASE_URL"] = postgres.url()
            environment.setdefault("DENGHUO_DEMO", "1")
        if "REDIS_URL" not in environment:
            say("Starting a private Redis")
            broker = Broker(home, owner, secret("redis"))
            stack.callback(broker.stop)
            broker.start()
            environment["REDIS_URL"] = broker.url()
        yield Services(environment, postgres, broker)


@contextmanager
def throwaway(kind: str) -> Iterator[Services]:
    """Fresh services of this very run, gone afterwards; several runs may go on side by side in one tree."""
    for left in LOCAL.glob(f"{kind}-*"):
        pid = left.name.rpartition("-")[2]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            discard(left.name)
    name = f"{kind}-{os.getpid()}"
    try:
        with services(name, durable=False) as found:
            yield found
    finally:
        discard(name)


def discard(name: str) -> None:
    """End what a run called ``name`` may have left, and remove its files."""
    processes.clear_leftovers(mark(name))
    if not (LOCAL / name).exists():
        return
    owner = find_owner()
    home = home_for(owner, name)
    Postgres(home, owner, "").end_leftover()
    Broker(home, owner, "").end_leftover()
    for directory in (home, LOCAL / name):
        shutil.rmtree(directory, ignore_errors=True)


def base_environment(name: str) -> dict[str, str]:
    """Our own environment plus what Django needs; whatever the caller has set stands."""
    environment = dict(os.environ)
    environment[processes.MARK] = mark(name)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PATH"] = os.pathsep.join([VENV_FIRST, environment.get("PATH", os.defpath)])
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "SECRET_KEY_FILE" not in environment:
        environment.setdefault("SECRET_KEY", secret("secret_key"))
    return environment


def mark(name: str) -> str:
    """What tells one run's processes from all others on this machine."""
    return f"{ROOT}:{name}"


def secret(name: str) -> str:
    """A random word, made once and kept where nobody else may read it."""
    path = local("secrets.json")
    known = json.loads(path.read_text()) if path.exists() else {}
    if name not in known:
        known[name] = secrets.token_urlsafe(40)
        private_file(path, json.dumps(known, indent=1))
    return known[name]


def private_file(path: Path, text: str) -> None:
    """Write a file that only we may read, from its first byte on."""
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
    half.replace(path)
