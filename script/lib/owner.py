"""Who runs the private services, and where they live.

PostgreSQL refuses to run as root. When we are root, an unprivileged system user runs it; when that user cannot reach
the project (it lies in root's home, say), data and programs go to a directory it can reach.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from script.lib.environment import SetupError
from script.lib.paths import LOCAL, ROOT, local

NAME = "denghuo"


@dataclass(frozen=True)
class Owner:
    """The user that private services run as. ``switch`` is False when that is who we are anyway."""

    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict[str, Any]:
        """Arguments for `subprocess.Popen` that make the child this user, outside any terminal's group."""
        base: dict[str, Any] = {"start_new_session": True, "cwd": "/"}
        if self.switch:
            base |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return base

    def reaches(self, path: Path) -> bool:
        """Whether this user may enter ``path``."""
        if not self.switch:
            return os.access(path, os.X_OK)
        return subprocess.run(["test", "-x", path], check=False, **self.popen()).returncode == 0

    def make(self, path: Path) -> Path:
        """A private directory of this user."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.switch:
            os.chown(path, self.uid, self.gid)
        return path


def find_owner() -> Owner:
    """Ourselves, or a system user when we are root. Raises: SetupError when there is none to be had."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), switch=False)
    for name in (NAME, None, "nobody"):
        if name is None:
            make_user()
            name = NAME
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid, switch=True)
    raise SetupError("PostgreSQL cannot run as root and no other user could be made. Run this as an ordinary user.")


def make_user() -> None:
    shell = shutil.which("nologin") or "/bin/false"
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", shell, NAME]
    else:
        command = ["adduser", "-S", "-D", "-H", "-s", shell, NAME]
    subprocess.run(command, capture_output=True, check=False)


def home_for(owner: Owner, name: str) -> Path:
    """Where the services called ``name`` keep their data: under ``.local``, or outside when ``owner`` cannot get there.

    Deleting ``.local`` means starting afresh: data outside that ``.local`` no longer vouches for are removed.
    """
    inside = local(name)
    inside.mkdir(exist_ok=True)
    if owner.switch:
        LOCAL.chmod(0o711)  # to be passed through, not to be listed
        inside.chmod(0o711)
    if owner.reaches(inside):
        return inside
    outside = outside_base() / hashlib.sha256(str(inside).encode()).hexdigest()[:12]
    voucher = inside / "lives-at"
    if not voucher.exists():
        shutil.rmtree(outside, ignore_errors=True)
    outside.mkdir(mode=0o711, parents=True, exist_ok=True)
    outside.chmod(0o711)
    voucher.write_text(f"{outside}\n")
    return outside


def outside_base() -> Path:
    for base in (Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir())):  # noqa: S108 - made 0711, contents 0700
        if os.access(base, os.W_OK):
            return base / NAME
    raise SetupError(f"An unprivileged user cannot enter {ROOT}, and neither /var/lib nor /var/tmp is writable.")


def package_directory(name: str) -> Path:
    """Where a package lies, without importing it: some leave directories behind when they are."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SetupError(f"The package {name} is not installed; remove .venv and start again.")
    return Path(spec.origin).parent


def programs_for(owner: Owner, package: str, inside: str, home: Path) -> Path:
    """The directory ``inside`` a package, or a copy of it in ``home`` when ``owner`` cannot run it where it is.

    A wheel keeps its shared libraries in ``<package>.libs`` beside the package, and its programs look for them there.
    """
    lies = package_directory(package)
    tree = lies / inside
    if owner.reaches(tree) and owner.reaches(next(path for path in (tree / "bin").iterdir() if path.is_file())):
        return tree
    copies = home / "programs"
    mark = copies / f"{package}.from"
    source = f"{tree} {tree.stat().st_mtime_ns}"
    if not (mark.exists() and mark.read_text() == source):
        readable_copy(tree, copies / package / inside)
        if (libraries := lies.with_name(f"{package}.libs")).is_dir():
            readable_copy(libraries, copies / libraries.name)
        mark.write_text(source)
    return copies / package / inside


def readable_copy(tree: Path, copy: Path) -> None:
    """Copy a tree of programs so that everybody may run it."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    shutil.copytree(tree, copy, symlinks=True)
    for path in [copy.parent, copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
