"""Runs one command: ``python script/lib COMMAND …`` imports ``script.lib.COMMAND`` inside the project's environment."""

import os
import sys
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

from script.lib import environment  # noqa: E402
from script.lib.paths import PYTHON  # noqa: E402


def main() -> int:
    command, arguments = sys.argv[1], sys.argv[2:]
    if environment.groups_of(command) and Path(sys.prefix).resolve() != PYTHON.parent.parent.resolve():
        environment.prepare(command)
        os.execv(PYTHON, [str(PYTHON), str(Path(__file__).parent), command, *arguments])  # noqa: S606
    environment.prepare(command)
    os.environ["PATH"] = os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", os.defpath)])
    return import_module(f"script.lib.{command}").main(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except environment.SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)
