"""Run benches and print one line per budget: python -m tests.bench [--quick] [NAME …]

Every ``bench_<name>.py`` here has ``run(quick) -> list[BenchLine]``. Each runs in a process of its own, so that none
inherits another's memory. Fails when a budget is missed.
"""

import argparse
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure what the design budgets.")
    parser.add_argument("names", nargs="*", help=f"which of: {', '.join(names())} (all)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, in under three minutes")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"there is no bench called {', '.join(sorted(unknown))}")
    if options.here:
        return measure(options.names[0], quick=options.quick)
    started = time.monotonic()
    quick = ["--quick"] if options.quick else []
    codes = [_in_its_own_process(name, *quick) for name in options.names or names()]
    print(f"{'─' * 60}\n{len(codes)} benches in {time.monotonic() - started:.0f} s", flush=True)
    return max(codes)


def _in_its_own_process(name: str, *quick: str) -> int:
    started = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "tests.bench", name, "--here", *quick], check=False).returncode
    print(f"        {name} took {time.monotonic() - started:.0f} s", flush=True)
    return code


def names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def measure(name: str, *, quick: bool) -> int:
    """One bench in this process; 1 when a line misses its budget."""
    import django

    django.setup()
    print(f"── {name}{' (quick: a tenth of the size)' if quick else ''}", flush=True)
    lines = import_module(f"tests.bench.bench_{name}").run(quick=quick)
    for line in lines:
        print(line, flush=True)
    return 0 if all(line.ok for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
