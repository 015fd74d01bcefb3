"""What a worker holds after the heaviest pages of a large town (design §10: ≤ 200 MB at any size of table, board flat)."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.lines import BenchLine, at_most

ROOT = Path(__file__).resolve().parents[2]
MOST_MB, MOST_GROWTH_MB = 200, 15
PAGES = (
    ("clerk", "/orders/"), ("clerk", "/orders/?standing=all"), ("handler", "/my/?view=unit"), ("clerk", "/intake/fault/"),
    ("dispatcher", "/dispatch/"), ("dispatcher", "/callbacks/"), ("supervisor", "/board/"), ("supervisor", "/board/?wall=1"),
)  # fmt: skip


def run(quick: bool) -> list[BenchLine]:
    """A process of its own for each size, so that neither inherits the other's peak."""
    few, many = (1_000, 100_000) if quick else (10_000, 1_000_000)
    small, large = _measure(few), _measure(many)
    board = [peaks["/board/"] - peaks["/callbacks/"] for peaks in (small, large)]
    return [
        at_most(f"worker's memory after every page, {many:,} orders", max(large.values()), "MB", MOST_MB),
        at_most(f"… more than with {few:,}", max(large.values()) - max(small.values()), "MB", MOST_GROWTH_MB),
        at_most("… of which the board adds", board[1], "MB", MOST_GROWTH_MB, f"{board[0]:.1f} MB with {few:,}"),
    ]


def _measure(size: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_memory", str(size)], cwd=ROOT, env=os.environ, stdout=subprocess.PIPE,
        check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def peaks(size: int) -> dict[str, float]:
    """The most this process ever held, after each page in turn."""
    from tests.bench.pages import window_of
    from tests.bench.peak import peak_mb
    from tests.bench.towns import person, town

    seen: dict[str, float] = {}
    with town(size):
        for role, url in PAGES:
            with window_of(person(role)) as window:
                for _ in range(5):
                    assert window.get(url).status_code == 200, url
            seen[url] = peak_mb()
    return seen


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(peaks(int(sys.argv[1]))))  # noqa: T201
