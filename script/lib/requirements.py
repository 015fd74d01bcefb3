"""Pin every package with its hashes: script/requirements [--upgrade]

From ``pyproject.toml`` come three files, each on top of the one before: ``base`` (production), ``local`` (a bare
machine) and ``test``. All are resolved together, so their versions agree. No index address is written.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from script.lib.environment import ALL, requirements
from script.lib.paths import ROOT

HEADER = "# Made by script/requirements from pyproject.toml ({group}); not edited by hand.\n"
ENTRY = re.compile(r"^\S.*(?:\n[ \t]+.*)*", re.MULTILINE)


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as work:
        everything = Path(work) / "all.txt"
        before = [requirements(group).read_text() for group in ALL if requirements(group).exists()]
        everything.write_text("".join(before))  # uv keeps these versions unless told otherwise
        resolve(everything, ALL[1:], arguments)
        above: set[str] = set()
        for position, group in enumerate(ALL):
            part = Path(work) / f"{group}.txt"
            resolve(part, ALL[1 : position + 1], ["--constraint", str(everything)])
            entries = [entry for entry in ENTRY.findall(part.read_text()) if not entry.startswith("#")]
            fresh = [entry for entry in entries if entry.split("==")[0] not in above]
            above |= {entry.split("==")[0] for entry in entries}
            requirements(group).write_text(HEADER.format(group=group) + "\n".join(fresh) + "\n")
            print(f"{requirements(group).relative_to(ROOT)}: {len(fresh)} packages")
    return 0


def resolve(output: Path, extras: tuple[str, ...], arguments: list[str]) -> None:
    """Run uv for Python 3.11 and newer on every platform."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    for extra in extras:
        command += ["--extra", extra]
    subprocess.run([*command, *arguments, "--output-file", output, "pyproject.toml"], cwd=ROOT, check=True)
