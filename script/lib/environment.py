"""The Python environment every command runs in. Standard library only: this runs before there is a ``.venv``."""

from script.lib.paths import PYTHON


class SetupError(Exception):
    """Set-up cannot go on; the text says what is missing and what to do."""


def prepare(command: str) -> None:
    if not PYTHON.exists():
        raise SetupError("no .venv")
