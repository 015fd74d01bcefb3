"""The database of this installation, for commands that work beside the server: script/manage, backup, restore."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from script.lib import server
from script.lib.environment import SetupError
from script.lib.services import base_environment, services


@contextmanager
def installation() -> Iterator[dict[str, str]]:
    """The environment of what ``DATABASE_URL`` names, else of the running server, else of its services, started now.

    Raises: SetupError while a server is just starting.
    """
    if "DATABASE_URL" in os.environ or "DATABASE_URL_FILE" in os.environ:
        yield base_environment("server")
    elif server.ENVIRONMENT.exists() and server.is_running():
        yield base_environment("beside") | json.loads(server.ENVIRONMENT.read_text())
    else:
        with server.only_one(), services("server") as found:
            yield found.environment


def setting(environment: dict[str, str], name: str) -> str:
    """A variable, or what is in the file that ``<name>_FILE`` names. Raises: SetupError when there is neither."""
    if name in environment:
        return environment[name]
    if path := environment.get(f"{name}_FILE"):
        with open(path, encoding="utf-8") as handle:  # noqa: PTH123 - a path somebody else chose
            return handle.read().strip()
    raise SetupError(f"{name} is not set.")
