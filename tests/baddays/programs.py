"""The real programs of the house, each in a process of its own, on the database this test works with."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.db import connection
from django.test import Client

from script.lib import processes
from script.lib.paths import ROOT
from staff.models import Member

TOKEN = "a" * 32  # of no form in particular: Django compares it with the cookie we send along
CODE = re.compile(r'<b class="dh-code">(\w{8})</b>')
WEB = ["-m", "gunicorn", "config.wsgi", "--workers", "1", "--worker-class", "gthread", "--threads", "4"]
WORKER = ["-m", "celery", "-q", "-A", "config", "worker", "-Q", "clocks,messages,bulk", "-P", "solo"]
Environment = dict[str, str]


def environment(**more: str) -> Environment:
    """Our own, with the database and the gateway of this test; what is given stands."""
    database = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    ours = {
        "DATABASE_URL": database,
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "SMS_GATEWAY_URL": settings.SMS_GATEWAY_URL,
        "SMS_GATEWAY_KEY": settings.SMS_GATEWAY_KEY,
        "REQUIRE_TOTP": "0",
        "DJANGO_SETTINGS_MODULE": "tests.baddays.plain_settings",
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    return os.environ | ours | more


def run_clocks(environment: Environment) -> None:
    """``manage.py run_clocks --once``, to its end."""
    command = [sys.executable, "manage.py", "run_clocks", "--once"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@contextmanager
def running(arguments: list[str], environment: Environment, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the house, ended with all its children come what may; ``log`` has what it said."""
    with log.open("ab") as said:
        command = [sys.executable, *arguments]
        child = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)
    try:
        yield child
    finally:
        processes.end(child)


@contextmanager
def web(environment: Environment, log: Path) -> Iterator[str]:
    """A real web server; its address."""
    port = processes.free_port()
    root = f"http://127.0.0.1:{port}"
    with running([*WEB, "--bind", f"127.0.0.1:{port}", "--no-control-socket"], environment, log) as child:
        wait_for(lambda: child.poll() is not None or answers(root), log)
        assert child.poll() is None, log.read_text()[-3000:]
        yield root


def home_for_anybody(made: Path) -> Path:
    """A directory of pytest's, opened to the user that a private service runs as."""
    for directory in (made, *made.parents):
        if Path(tempfile.gettempdir()) in directory.parents:
            directory.chmod(0o755)
    return made


def answers(root: str) -> bool:
    try:
        return requests.get(f"{root}/healthz", timeout=5).ok
    except requests.RequestException:
        return False


def wait_for(happened: Callable[[], Any], log: Path | None = None, *, within_s: float = 30) -> None:
    """Until it has happened; a failure with the end of the log when it does not."""
    until = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < until, log.read_text()[-3000:] if log and log.exists() else "it did not happen"
        time.sleep(0.05)


def wait_until_blocked() -> None:
    """Until somebody waits for a lock that this session holds."""
    asked = "select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"
    wait_for(lambda: fetch(asked))


def fetch(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


class Window:
    """A browser in which a member is logged in, as far as forms go."""

    def __init__(self, root: str, member: Member) -> None:
        entering = Client()
        entering.force_login(member, backend="staff.backends.MemberBackend")
        self.root = root
        self.cookies = {
            settings.SESSION_COOKIE_NAME: entering.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.CSRF_COOKIE_NAME: TOKEN,
        }

    def get(self, path: str) -> requests.Response:
        return requests.get(self.root + path, cookies=self.cookies, allow_redirects=False, timeout=20)

    def post(self, path: str, data: dict[str, Any]) -> requests.Response:
        """Send a form; a connection of its own, so that none is kept to a server that is gone."""
        form = data | {"csrfmiddlewaretoken": TOKEN}
        return requests.post(self.root + path, data=form, cookies=self.cookies, allow_redirects=False, timeout=20)
