"""Everything on one machine until Ctrl-C: script/server [--port N] [--host ADDRESS]

Sets up what is missing, starts a private PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL name others),
migrates, loads reference data, grows or forwards the demo, then runs web, worker, beat and the demo's SMS gateway
together.
"""

import argparse
import fcntl
import json
import os
import shlex
import string
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from script.lib import processes, setup
from script.lib.django_steps import GROWING, PEOPLE
from script.lib.environment import SetupError, say
from script.lib.paths import PYTHON, ROOT, local
from script.lib.services import Services, mark, private_file, secret, services

STATE = local("server.json")  # where the running one is, for whoever starts a second
ENVIRONMENT = local("server.env")  # its database and broker, for script/manage and script/backup
SHARED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "DENGHUO_DEMO", "SITE_URL", "SMS_GATEWAY_URL")
PROCFILE = ROOT / "script" / "lib" / "Procfile"


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    with processes.stop_on_signals(), only_one():
        started = time.monotonic()
        setup.prepare()
        processes.clear_leftovers(mark("server"))
        port = choose_port(options.host, options.port)
        with services("server") as found:
            environment = complete(found.environment, options.host, port)
            begin_demo_again(found)
            if processes.run([PYTHON, "-m", "script.lib.django_steps"], environment=environment, cwd=ROOT):
                raise SetupError("The database could not be prepared (see above).")
            serve(environment, port, started)
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description="Run Denghuo on this machine until Ctrl-C.")
    parser.add_argument("--port", type=int, help="the web port (8000, or the next free one)")
    parser.add_argument("--host", default="127.0.0.1", help="the web address to listen on (only this machine)")
    return parser.parse_args(arguments)


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock of this project's server. Raises: SetupError that says where the other one runs.

    The lock is one the kernel gives up with the process (also after kill -9) and children do not inherit.
    """
    with local("server.lock").open("a") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupError(where_it_runs()) from None
        remember({"pid": os.getpid(), "url": None})
        try:
            yield
        finally:
            STATE.unlink(missing_ok=True)
            ENVIRONMENT.unlink(missing_ok=True)


def is_running() -> bool:
    """Whether somebody holds the lock."""
    with local("server.lock").open("a") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def where_it_runs() -> str:
    with suppress(OSError, ValueError):
        other = json.loads(STATE.read_text())
        place = f"at {other['url']}" if other["url"] else "and is still starting"
        return f"Denghuo already runs from this directory {place} (process {other['pid']}). Stop that one first."
    return "Denghuo is already being started from this directory."


def remember(state: dict[str, object]) -> None:
    private_file(STATE, json.dumps(state))


def choose_port(host: str, wanted: int | None) -> int:
    """The port asked for, or 8000, or the next free one. Raises: SetupError when the one asked for is taken."""
    if wanted:
        if not processes.port_is_free(host, wanted):
            raise SetupError(f"Port {wanted} is in use by another program. Leave --port out, or name another.")
        return wanted
    for port in range(8000, 8100):
        if processes.port_is_free(host, port):
            return port
    return processes.free_port()


def complete(environment: dict[str, str], host: str, port: int) -> dict[str, str]:
    """The services' environment plus what web, worker, beat and gateway have to agree on."""
    sms_port = str(processes.free_port())
    address = f"http://localhost:{port}"
    metrics = local("server", "metrics")
    defaults = {
        "DEBUG": "0",
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "console",
        "SITE_URL": address,
        "CSRF_TRUSTED_ORIGINS": address,
        "SMS_GATEWAY_URL": f"http://127.0.0.1:{sms_port}/batch",
        "SMS_GATEWAY_KEY": secret("sms_gateway"),
    }
    if host not in {"127.0.0.1", "localhost", "::1"}:
        defaults["ALLOWED_HOSTS"] = "*"
    for old in metrics.glob("*.db"):
        old.unlink()
    metrics.mkdir(parents=True, exist_ok=True)
    fixed = {
        "BIND": f"{host}:{port}",
        "SMS_PORT": sms_port,
        "BEAT_STATE": str(local("server", "beat")),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }
    if os.geteuid() == 0:  # said by Celery at every start; the private services are not root's
        fixed["PYTHONWARNINGS"] = "ignore:You're running the worker"
    environment = defaults | environment | fixed
    environment["RELOAD"] = "--reload" if is_on(environment, "DEBUG") else ""
    return environment


def is_on(environment: dict[str, str], name: str) -> bool:
    return environment.get(name, "").lower() in {"1", "true", "yes", "on"}


def begin_demo_again(found: Services) -> None:
    """A demo that was cut off while growing is half a city; begin again (only ever in our own database)."""
    if not GROWING.exists():
        return
    if found.postgres is not None:
        say("The demo was interrupted while it grew; beginning again")
        found.postgres.recreate_database()
    GROWING.unlink()


def serve(environment: dict[str, str], port: int, started: float) -> None:
    """Run the Procfile until we are stopped or one of its programs ends."""
    private_file(ENVIRONMENT, json.dumps({name: environment[name] for name in SHARED if name in environment}))
    group = processes.Group()
    try:
        for name, command in programs(environment):
            group.start(name, command, environment=environment, cwd=ROOT)
        wait_for_page(group, f"http://127.0.0.1:{port}/healthz")
        remember({"pid": os.getpid(), "url": environment["SITE_URL"]})
        welcome(environment, time.monotonic() - started)
        group.watch()
    finally:
        say("Stopping")
        group.end()


def programs(environment: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The Procfile's lines as (name, arguments); ``$NAME`` is filled in after the line is cut, so spaces do no harm."""
    for line in PROCFILE.read_text().splitlines():
        name, command = line.split(":", 1)
        words = [string.Template(word).substitute(environment) for word in shlex.split(command)]
        if name == "sms" and not is_on(environment, "DENGHUO_DEMO"):
            continue
        yield name, [str(PYTHON) if word == "python" else word for word in words if word]


def wait_for_page(group: processes.Group, address: str) -> None:
    """Until the web process answers. Raises: SetupError when a program ends or nothing answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        group.check()
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.2)
    raise SetupError("The web process does not answer; the lines above say why.")


def welcome(environment: dict[str, str], took: float) -> None:
    lines = ["", f"Denghuo is ready: {environment['SITE_URL']}   (after {took:.0f} s; Ctrl-C stops everything)"]
    if is_on(environment, "DENGHUO_DEMO"):
        lines += ["The demo's people (also on the login page, with what there is to try):", PEOPLE.read_text().rstrip()]
    print("\n".join([*lines, ""]), flush=True)
