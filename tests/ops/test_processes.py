"""What a run starts ends with it: children, children of children, and what a killed run left behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from script.lib import processes
from script.lib.environment import SetupError

ROOT = Path(__file__).resolve().parents[2]
# A program that starts another one and is deaf to SIGTERM, as a stuck worker may be.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("up", flush=True)
time.sleep(600)
"""
SUPERVISOR = """
import sys
from script.lib import processes
MARK = processes.MARK
processes.PATIENCE_S = 1
with processes.stop_on_signals():
    group = processes.Group()
    try:
        for name in ("one", "two"):
            group.start(name, [sys.executable, "-c", sys.argv[1]], environment={MARK: sys.argv[2]}, cwd="/")
        group.watch()
    finally:
        group.end()
"""


def marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(processes.MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def until(condition, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def mark(tmp_path):
    name = f"{tmp_path}:test"
    yield name
    for process in marked(name):
        process.kill()


@pytest.fixture
def supervisor(mark):
    """A supervisor with two stubborn programs, each of which has started another."""
    child = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, STUBBORN, mark],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert until(lambda: len(marked(mark)) == 4)
    yield child
    child.kill()
    child.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stopping_a_run_leaves_no_process_behind(supervisor, mark, number):
    supervisor.send_signal(number)

    assert supervisor.wait(30) == 128 + number
    assert marked(mark) == []


def test_second_signal_does_not_cut_the_tidying_short(supervisor, mark):
    supervisor.send_signal(signal.SIGINT)
    time.sleep(0.3)
    supervisor.send_signal(signal.SIGINT)
    supervisor.send_signal(signal.SIGTERM)

    supervisor.wait(30)
    assert marked(mark) == []


def test_what_a_killed_run_left_is_found_and_ended(supervisor, mark, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE_S", 1)
    supervisor.kill()
    supervisor.wait()
    assert len(marked(mark)) == 4

    processes.clear_leftovers(mark)

    assert marked(mark) == []


def test_leftovers_of_another_project_are_left_alone(supervisor, mark):
    processes.clear_leftovers(mark + "-not")

    assert len(marked(mark)) == 4


def test_group_says_which_program_ended_by_itself():
    group = processes.Group()
    try:
        group.start("worker", [sys.executable, "-c", "raise SystemExit(3)"], environment=dict(os.environ), cwd=ROOT)
        with pytest.raises(SetupError, match=r"“worker” ended by itself \(exit code 3\)"):
            group.watch()
    finally:
        group.end()


def test_command_that_is_stopped_takes_its_children_along(mark):
    code = (
        "import sys; from pathlib import Path; from script.lib import processes; processes.PATIENCE_S = 1\n"
        "with processes.stop_on_signals():\n"
        "    processes.run([sys.executable, '-c', sys.argv[1]], environment={sys.argv[3]: sys.argv[2]}, cwd=Path('/'))"
    )
    child = subprocess.Popen([sys.executable, "-c", code, STUBBORN, mark, processes.MARK], cwd=ROOT)
    assert until(lambda: len(marked(mark)) == 2)

    child.send_signal(signal.SIGTERM)

    assert child.wait(30) == 143
    assert marked(mark) == []


def test_free_port_is_free_and_not_a_usual_one():
    port = processes.free_port()

    assert processes.port_is_free("127.0.0.1", port)
    assert port not in processes.USUAL_PORTS
