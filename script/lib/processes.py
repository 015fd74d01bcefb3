"""Starting and ending processes so that none is left behind, neither children nor children of children."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from script.lib.environment import SetupError

MARK = "DENGHUO_RUN"  # in the environment of everything a run starts, so that the next run can find what a crash left
PATIENCE_S = 8.0  # between asking politely and not asking any more
USUAL_PORTS = {5432, 6379, 8000, 8080, 3306, 11211}


Command = Sequence[str | Path]


class Stopped(SystemExit):
    """Somebody asked us to end (SIGTERM, SIGHUP)."""


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into `Stopped`, so that every ``finally`` runs. Ctrl-C raises KeyboardInterrupt
    already."""

    def stop(number: int, _frame: object) -> None:
        for later in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(later, signal.SIG_IGN)  # once is enough; tidying up must not be cut short
        raise Stopped(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(command: Command, *, environment: Mapping[str, str], cwd: Path, own_session: bool = True) -> int:
    """Run to the end and return the exit code; when we are stopped meanwhile, the child and its children are too.

    Without a session of its own the child keeps the terminal (a shell needs it) and gets Ctrl-C itself.
    """
    child = subprocess.Popen(command, env=environment, cwd=cwd, start_new_session=own_session)
    try:
        return child.wait()
    finally:
        if own_session:
            end(child)
        elif child.poll() is None:
            child.terminate()
            child.wait()


def end(child: subprocess.Popen, *, first: int = signal.SIGTERM, patience_s: float | None = None) -> None:
    """End a child that leads its own group, politely first; then whatever is left of the group."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, first)
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE_S if patience_s is None else patience_s)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def free_port() -> int:
    """A port nobody uses now, and none of the usual ones."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in USUAL_PORTS:
            return port


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def clear_leftovers(mark: str) -> None:
    """End what a run that was killed left behind: every process that carries its mark, except us."""
    mine = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid not in mine and process.environ().get(MARK) == mark:
                process.terminate()
                left.append(process)
    _gone, alive = psutil.wait_procs(left, timeout=PATIENCE_S)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=3)


def is_ours(pid: int, name: str, directory: Path) -> bool:
    """Whether ``pid`` is a running ``name`` at home in ``directory``, not somebody who got the number later."""
    with suppress(psutil.Error, OSError):
        process = psutil.Process(pid)
        return process.name().startswith(name) and Path(process.cwd()).resolve() == directory.resolve()
    return False


def end_pid(pid: int, *, first: int, patience_s: float = 10) -> None:
    """End a process that is not our child."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        process.send_signal(first)
        _gone, alive = psutil.wait_procs(family, timeout=patience_s)
        for left in alive:
            with suppress(psutil.Error):
                left.kill()
        psutil.wait_procs(alive, timeout=5)


class Group:
    """Several long-running programs under one roof: their output line by line with a name before it; one ends, all
    end."""

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen] = {}
        self.talk = threading.Lock()

    def start(self, name: str, command: Command, *, environment: Mapping[str, str], cwd: Path) -> None:
        child = subprocess.Popen(
            command,
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.children[name] = child
        threading.Thread(target=self.relay, args=(name, child), daemon=True).start()

    def relay(self, name: str, child: subprocess.Popen) -> None:
        for line in child.stdout or ():
            with self.talk, suppress(OSError, ValueError):
                print(f"{name:<7}│ {line.decode(errors='replace').rstrip()}", flush=True)

    def check(self) -> None:
        """Raises: SetupError when one of the programs has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise SetupError(f"“{name}” ended by itself (exit code {child.returncode}); the lines above say why.")

    def watch(self) -> None:
        """Until one ends. Raises: SetupError."""
        while True:
            self.check()
            time.sleep(0.3)

    def end(self) -> None:
        """All at once, so that the slowest decides how long it takes."""
        for child in self.children.values():
            if child.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGTERM)
        until = time.monotonic() + PATIENCE_S
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, until - time.monotonic()))
            end(child, patience_s=0.1)
