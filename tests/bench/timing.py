"""How long something takes, and how much of that is work: on a machine that others use too, the rest is waiting."""

import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import sysconf
from pathlib import Path

from django.db import connection

TICKS_PER_S = sysconf("SC_CLK_TCK")


@dataclass
class Took:
    """Seconds by the wall clock, and seconds that a processor worked for us: in this process and in its database."""

    wall_s: float = 0.0
    work_s: float = 0.0

    def __str__(self) -> str:
        return f"{self.work_s * 1000:,.0f} ms of it work"


@contextmanager
def taking() -> Iterator[Took]:
    """``with taking() as took: …`` — filled in at the end. Only what the database's session itself does is counted."""
    took, backend = Took(), _backend()
    wall, work = time.perf_counter(), time.process_time() + _worked(backend)
    yield took
    took.wall_s = time.perf_counter() - wall
    took.work_s = time.process_time() + _worked(backend) - work


def median(times: Iterable[Took]) -> Took:
    """The middle of each."""
    times = list(times)
    return Took(statistics.median(t.wall_s for t in times), statistics.median(t.work_s for t in times))


def _backend() -> Path:
    connection.ensure_connection()
    return Path("/proc") / str(connection.connection.info.backend_pid) / "stat"


def _worked(stat: Path) -> float:
    """Seconds a process of this machine has worked; 0 when the database is on another."""
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S
