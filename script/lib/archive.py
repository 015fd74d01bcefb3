"""Database and attachments as one file: a tar with a manifest, PostgreSQL's own dump, and the attachments as they lie.

What is in it is as personal as the database itself: the file is made readable for its owner only. The SECRET_KEY is not
in it; identity numbers are encrypted with it, so keep it elsewhere, and keep it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg2

from script.lib.environment import SetupError
from script.lib.owner import package_directory
from script.lib.paths import LOCAL
from script.lib.postgres import PACKAGE, TREE
from script.lib.running import setting

FORMAT = 1
BEGIN_AGAIN = "drop schema public cascade; create schema public;\n"


def save(target: Path, environment: dict[str, str]) -> dict[str, object]:
    """Write ``target`` whole or not at all; return its manifest. The server may go on working meanwhile.

    The dump is one consistent instant; attachments saved after it come along without rows, never rows without files.
    """
    media = media_root(environment)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
        dump, half = Path(work) / "database.dump", Path(work) / "half.tar"
        pg(
            "pg_dump",
            ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"],
            environment,
        )
        files = sorted(path for path in media.rglob("*") if path.is_file()) if media.is_dir() else []
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "dump_sha256": sha256(dump),
            "attachments": len(files),
        }
        with tarfile.open(half, "w") as tar:
            add_text(tar, "manifest.json", json.dumps(manifest, indent=1), Path(work))
            tar.add(dump, "database.dump")
            for path in files:
                tar.add(path, f"media/{path.relative_to(media)}")
        half.chmod(0o600)
        half.replace(target)
    return manifest


def load(source: Path, environment: dict[str, str], *, force: bool) -> dict[str, object]:
    """Put a backup in the place of what is there; return its manifest.

    The file is unpacked and checked first; the database changes in one transaction; attachments follow.
    Raises: SetupError when the database is not empty (without ``force``) or the file is not a whole backup.
    """
    if not force and not is_empty(environment):
        raise SetupError("The database is not empty, so nothing was changed. --force replaces everything in it.")
    media = media_root(environment)
    media.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media, prefix=".restoring-") as work:
        manifest = unpack(source, Path(work))
        replace_database(Path(work) / "database.dump", environment)
        for old in media.iterdir():
            if old != Path(work):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for new in sorted((Path(work) / "media").glob("*")):
            new.rename(media / new.name)
    return manifest


def unpack(source: Path, work: Path) -> dict[str, object]:
    try:
        with tarfile.open(source) as tar:
            tar.extractall(work, filter="data")  # nothing outside, no devices, no links out
        manifest = json.loads((work / "manifest.json").read_text())
        whole = manifest["format"] == FORMAT and manifest["dump_sha256"] == sha256(work / "database.dump")
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise SetupError(f"{source} is not a backup of Denghuo ({error}).") from error
    found = sum(1 for path in (work / "media").rglob("*") if path.is_file())
    if not whole or found != manifest["attachments"]:
        raise SetupError(f"{source} is damaged: its content does not match its manifest. Nothing was changed.")
    return manifest


def replace_database(dump: Path, environment: dict[str, str]) -> None:
    """Everything in one transaction: either the backup is there afterwards, or what was there before."""
    script = dump.with_suffix(".sql")
    pg("pg_restore", ["--no-owner", "--no-privileges", f"--file={script}", str(dump)], environment)
    begin = dump.with_name("begin.sql")
    begin.write_text(f"set lock_timeout = '30s';\n{BEGIN_AGAIN}")
    arguments = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    pg("psql", [*arguments, f"--file={begin}", f"--file={script}"], environment)


def is_empty(environment: dict[str, str]) -> bool:
    connection = psycopg2.connect(setting(environment, "DATABASE_URL"))
    try:
        with connection.cursor() as cursor:
            cursor.execute("select not exists (select 1 from information_schema.tables where table_schema = 'public')")
            row = cursor.fetchone()
            return bool(row and row[0])
    finally:
        connection.close()


# ── small things ────────────────────────────────────────────────────────


def pg(program: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Run one of PostgreSQL's programs; the password goes by its environment, where ``ps`` does not show it."""
    url = urlsplit(setting(environment, "DATABASE_URL"))
    connection = {
        "PGHOST": url.hostname or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": unquote(url.path.lstrip("/")),
        "PGOPTIONS": "-c client_min_messages=warning",
    }
    if mode := parse_qs(url.query).get("sslmode"):
        connection["PGSSLMODE"] = mode[0]
    plain = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        [tool(program), *arguments], env=plain | connection, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupError(f"{program} failed:\n{done.stderr.strip()[-2000:]}")


def tool(program: str) -> str:
    """The wheel's program, else the machine's (in a container there is no wheel)."""
    if find_spec(PACKAGE):
        return str(package_directory(PACKAGE) / TREE / "bin" / program)
    if found := shutil.which(program):
        return found
    raise SetupError(f"{program} is not installed. It comes with PostgreSQL 18's client programs.")


def media_root(environment: dict[str, str]) -> Path:
    return Path(environment.get("MEDIA_ROOT") or LOCAL / "media")


def sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def add_text(tar: tarfile.TarFile, name: str, text: str, work: Path) -> None:
    path = work / name
    path.write_text(text)
    tar.add(path, name)
