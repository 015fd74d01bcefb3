"""The private PostgreSQL and Redis: closed to others, at home in any path, back after a crash."""

import os
import stat
import tempfile
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from script.lib.broker import Broker
from script.lib.owner import find_owner
from script.lib.postgres import Postgres

LONG = "a directory with spaces/" + "/".join(["and-a-very-long-name-to-pass-what-a-socket-may-have"] * 3)


@pytest.fixture
def home(tmp_path_factory):
    """Deep, with spaces, longer than a socket's path may be; open to the user that PostgreSQL runs as."""
    top = tmp_path_factory.mktemp("services")
    path = top / LONG
    path.mkdir(parents=True)
    for directory in (path, *path.parents):
        if Path(tempfile.gettempdir()) in directory.parents:
            directory.chmod(0o755)
    assert len(str(path)) > 120
    return path


@pytest.fixture
def postgres(home):
    server = Postgres(home, find_owner(), "a-password", durable=False)
    server.start()
    yield server
    server.stop()
    server.end_leftover()


def ask(url: str, question: str):
    connection = psycopg2.connect(url, connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def test_postgres_is_18_with_the_same_order_of_letters_everywhere(postgres):
    assert ask(postgres.url(), "show server_version")[0].startswith("18")
    assert ask(postgres.url(), "select lower('ÄÖ陈'), datlocale from pg_database where datname = 'denghuo'") == (
        "äö陈",
        "C.UTF-8",
    )


def test_both_doors_ask_for_the_password(postgres):
    wrong = postgres.url().replace("a-password", "another")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask(wrong, "select 1")
    with pytest.raises(psycopg2.OperationalError, match=r"password authentication failed|no password supplied"):
        psycopg2.connect(host=str(postgres.sockets), port=postgres.port, user="denghuo", password="x", dbname="denghuo")


def test_socket_directory_is_short_and_nobody_elses(postgres):
    assert len(str(postgres.sockets)) < 60
    assert stat.S_IMODE(postgres.sockets.stat().st_mode) == 0o700


def test_postgres_listens_on_loopback_only_and_not_on_a_usual_port(postgres):
    listening = {
        connection.laddr.ip
        for connection in psutil.Process(postgres.child.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening == {"127.0.0.1"}
    assert postgres.port != 5432


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has somebody else to be")
def test_postgres_does_not_run_as_root(postgres):
    assert psutil.Process(postgres.child.pid).uids().real != 0


def test_data_survive_a_stop_and_a_start(postgres):
    ask(postgres.url(), "create table kept as select 7 as n")
    postgres.stop()
    postgres.start()

    assert ask(postgres.url(), "select n from kept") == (7,)


def test_server_that_outlived_its_supervisor_is_ended_and_started_again(postgres, home):
    ask(postgres.url(), "create table kept as select 7 as n")
    orphan = postgres.child.pid

    later = Postgres(home, find_owner(), "a-password", durable=False)
    later.start()
    try:
        assert ask(later.url(), "select n from kept") == (7,)
        assert postgres.child.wait(5) is not None
        assert later.child.pid != orphan
    finally:
        later.stop()


def test_pid_file_of_a_stranger_does_not_block_the_start(postgres):
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")

    postgres.start()

    assert ask(postgres.url(), "select 1") == (1,)


def test_recreate_gives_an_empty_database(postgres):
    ask(postgres.url(), "create table kept as select 7 as n")

    postgres.recreate_database()

    assert ask(postgres.url(), "select to_regclass('kept')") == (None,)


# ── Redis ───────────────────────────────────────────────────────────────


@pytest.fixture
def broker(home):
    server = Broker(home, find_owner(), "a-password")
    server.start()
    yield server
    server.stop()
    server.end_leftover()


def test_redis_asks_for_the_password_and_does_not_show_it_in_its_arguments(broker):
    assert redis.Redis.from_url(broker.url()).ping()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(broker.url().replace("a-password", "another")).ping()
    assert "a-password" not in " ".join(psutil.Process(broker.child.pid).cmdline())
    assert broker.port != 6379


def test_redis_that_outlived_its_supervisor_is_ended_and_started_again(broker, home):
    later = Broker(home, find_owner(), "a-password")
    later.start()
    try:
        assert redis.Redis.from_url(later.url()).ping()
        assert broker.child.wait(5) is not None
    finally:
        later.stop()
