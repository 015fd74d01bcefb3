"""Where things are. Nothing here knows what they are for."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / ".local"  # everything a run leaves behind: data, logs, passwords, stamps
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def local(*parts: str) -> Path:
    """A path under ``.local``, which is made on first use and readable by nobody else."""
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    return LOCAL.joinpath(*parts)
