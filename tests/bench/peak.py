"""The most memory a program ever held, by itself: python -m tests.bench.peak run_clocks --once

The kernel's own high-water mark of the program. What ``wait4`` and ``getrusage`` tell of a child begins with what its
parent held when it was started, so a light program of a heavy bench would look heavy.
"""

import os
import subprocess
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

ROOT = Path(__file__).resolve().parents[2]


def peak_mb() -> float:
    """The most this process ever held."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) / 1024


def peak_of(*command: str, database: str) -> float:
    """The most a management command holds in a process of its own, in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.peak", *command],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": database}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    execute_from_command_line(["manage.py", *sys.argv[1:]])
    print(peak_mb())  # noqa: T201
