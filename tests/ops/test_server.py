"""script/server and what it stands on: one at a time, ports, the Procfile, set-up that is not repeated."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from script.lib import alive, environment, server, services, setup
from script.lib.environment import SetupError
from script.lib.paths import ROOT


@pytest.fixture
def own_local(tmp_path, monkeypatch):
    """A ``.local`` of this test."""
    monkeypatch.setattr("script.lib.paths.LOCAL", tmp_path)
    monkeypatch.setattr(server, "STATE", tmp_path / "server.json")
    monkeypatch.setattr(server, "ENVIRONMENT", tmp_path / "server.env")
    return tmp_path


def another_holds_the_lock(local) -> subprocess.Popen:
    code = (
        "import sys, time; from pathlib import Path; from script.lib import paths\n"
        "paths.LOCAL = Path(sys.argv[1])\n"
        "from script.lib import server\n"
        "server.STATE, server.ENVIRONMENT = paths.LOCAL / 'server.json', paths.LOCAL / 'server.env'\n"
        "with server.only_one():\n"
        "    server.remember({'pid': 4711, 'url': 'http://localhost:8123'})\n"
        "    print('up', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, local], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "up\n"
    return child


def test_second_server_is_told_where_the_first_one_runs(own_local):
    first = another_holds_the_lock(own_local)
    try:
        with pytest.raises(SetupError, match=r"http://localhost:8123 \(process 4711\)"), server.only_one():
            pass
        assert server.is_running()
    finally:
        first.kill()
        first.wait()


def test_lock_of_a_killed_server_is_free_again(own_local):
    first = another_holds_the_lock(own_local)
    first.kill()
    first.wait()

    assert not server.is_running()
    with server.only_one():
        assert json.loads(server.STATE.read_text())["pid"] == os.getpid()
    assert not server.STATE.exists()


def test_port_asked_for_but_taken_is_refused_and_otherwise_a_free_one_is_found():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SetupError, match="in use"):
            server.choose_port("127.0.0.1", taken.getsockname()[1])
    assert server.choose_port("127.0.0.1", None)


def given(**more: str) -> dict[str, str]:
    base = {"DATABASE_URL": "postgres://a", "REDIS_URL": "redis://b", "SECRET_KEY": "k", "DENGHUO_DEMO": "1"}
    return server.complete(base | more, "127.0.0.1", 8000)


def test_procfile_runs_four_programs_with_paths_in_one_piece(monkeypatch):
    found = dict(server.programs(given() | {"BEAT_STATE": "/with space/beat"}))

    assert list(found) == ["web", "worker", "beat", "sms"]
    assert "/with space/beat" in found["beat"]
    assert "127.0.0.1:8000" in found["web"]
    assert "" not in found["web"]


def test_gateway_runs_in_a_demo_only_and_reloading_in_development_only():
    assert "sms" not in dict(server.programs(given(DENGHUO_DEMO="0")))
    assert "--reload" not in dict(server.programs(given()))["web"]
    assert "--reload" in dict(server.programs(given(DEBUG="1")))["web"]


def test_what_the_caller_set_stands():
    assert given(SITE_URL="https://service.example.cn")["SITE_URL"] == "https://service.example.cn"


def test_demo_is_not_switched_on_for_a_database_that_is_not_ours(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/db")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    monkeypatch.delenv("DENGHUO_DEMO", raising=False)

    with services.services("never-started") as found:
        assert found.postgres is None
        assert found.broker is None
        assert "DENGHUO_DEMO" not in found.environment


def test_secrets_are_made_once_and_are_nobody_elses_to_read(own_local, monkeypatch):
    first = services.secret("postgres")

    assert services.secret("postgres") == first
    assert services.secret("redis") != first
    assert (own_local / "secrets.json").stat().st_mode & 0o077 == 0


# ── set-up ──────────────────────────────────────────────────────────────


def test_step_runs_again_only_when_its_input_changed_or_its_result_is_gone(own_local, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", own_local)
    source, result, made = own_local / "in.txt", own_local / "out.txt", []

    def make() -> None:
        made.append(1)
        result.write_text("made")

    source.write_text("one")
    for change in (lambda: None, lambda: None, lambda: source.write_text("two"), result.unlink):
        change()
        setup.step("trial", [source], result, make)

    assert len(made) == 3


def test_environment_with_every_pin_counts_as_installed_and_with_another_version_does_not(tmp_path, monkeypatch):
    wanted = tmp_path / "base.txt"
    monkeypatch.setattr(environment, "requirements", lambda group: wanted)
    import django

    wanted.write_text(f"Django=={django.__version__} \\\n    --hash=sha256:00\nnothing==1 ; sys_platform == 'none'\n")
    assert environment.satisfied("base")
    wanted.write_text("django==1.0 \\\n    --hash=sha256:00\n")
    assert not environment.satisfied("base")


def test_environment_that_was_moved_does_not_count_as_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "VENV", tmp_path)
    (tmp_path / ".denghuo-base").write_text(environment.fingerprint("base"))
    assert environment.stamped("base")
    monkeypatch.setattr(environment, "VENV", tmp_path / "moved")
    assert not environment.stamped("base")


def test_commands_beside_the_server_need_no_wheels_where_a_database_is_named(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_URL_FILE", raising=False)
    assert environment.around_the_database() == ("base", "local")
    monkeypatch.setenv("DATABASE_URL_FILE", "/run/secrets/database_url")
    assert environment.around_the_database() == ("base",)


# ── containers ──────────────────────────────────────────────────────────


def test_beat_is_alive_while_it_saves_its_schedule(tmp_path, monkeypatch):
    monkeypatch.setenv("BEAT_STATE", str(tmp_path / "beat"))
    assert not alive.beat()
    saved = tmp_path / "beat.dat"
    saved.write_text("")
    assert alive.beat()
    long_ago = time.time() - alive.BEAT_SILENT_S - 1
    os.utime(saved, (long_ago, long_ago))
    assert not alive.beat()


def test_web_is_alive_when_its_own_page_answers(live_server, monkeypatch):
    monkeypatch.setenv("PORT", live_server.url.rsplit(":", 1)[1])
    assert alive.web()
