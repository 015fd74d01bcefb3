"""Where things are. Nothing here knows what they are for."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Everything a run leaves behind: data, logs, passwords, stamps. A container keeps it on its volume.
LOCAL = Path(os.environ.get("DENGHUO_LOCAL") or ROOT / ".local")
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def local(*parts: str) -> Path:
    """A path under ``.local``, which is made on first use and readable by nobody else."""
    LOCAL.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LOCAL.joinpath(*parts)
