"""The pictures in docs/screenshots, taken from the demo: script/screenshots [NAME …] [--to DIR]

Uses the running script/server; without one it starts the services and a web process for the time it takes. The pictures
have the names and sizes of the drawings they are compared with; script/lib/shots.py says what is on each.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.lib import browser, processes, server, setup
from script.lib.environment import SetupError, say
from script.lib.paths import PYTHON, ROOT
from script.lib.running import installation


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/screenshots", description="Take the pictures of docs/screenshots.")
    parser.add_argument("names", nargs="*", help="only those whose name begins like this")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screenshots", help="the directory to write to")
    options = parser.parse_args(arguments)
    with processes.stop_on_signals():
        setup.prepare()
        chromium = browser.ensure()
        if chromium is None:
            raise SetupError("No Chromium here and none could be installed, so no pictures.")
        with installation() as environment, website(environment) as there:
            shots = [PYTHON, "-m", "script.lib.shots", options.to.absolute(), *options.names]
            return processes.run(shots, environment=there | {"CHROMIUM": chromium}, cwd=ROOT)


@contextmanager
def website(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with ``SITE_URL`` of a demo that answers."""
    if server.is_running():
        yield environment
        return
    port = processes.free_port()
    there = server.complete(environment | {"DENGHUO_DEMO": "1"}, "127.0.0.1", port)
    if processes.run([PYTHON, "-m", "script.lib.django_steps"], environment=there, cwd=ROOT):
        raise SetupError("The demo could not be prepared (see above).")
    group = processes.Group()
    try:
        for name, command in server.programs(there):
            if name == "web":
                group.start(name, command, environment=there, cwd=ROOT)
        server.wait_for_page(group, f"http://127.0.0.1:{port}/healthz")
        say(f"Taking pictures of {there['SITE_URL']}")
        yield there
    finally:
        group.end()
