"""The sender's entries: the Celery task, the command, and life without Redis."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from celery import Celery, current_app
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from notifications.models import Message
from notifications.services import nudging, sender
from notifications.services.sender import drain
from notifications.tasks import purge_messages, send_messages
from tests.notifications.factories import make_member, put

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_the_task_sends_until_nothing_is_due(gateway):
    for _ in range(3):
        put(timezone.now(), urgent=True)
    assert send_messages() == 3
    assert send_messages() == 0


@pytest.mark.django_db
def test_the_daily_task_deletes_what_is_old(settings):
    row = put(timezone.now() - timedelta(days=settings.RETENTION_DAYS + 1))
    Message.objects.filter(pk=row.pk).update(state="sent", sent_at=timezone.now())
    assert purge_messages() == 1


@pytest.mark.django_db
def test_the_command_sends_once_and_ends(gateway):
    put(timezone.now(), urgent=True)
    call_command("run_sender", "--once")
    assert len(gateway.received) == 1


def test_beat_sends_and_deletes_by_the_names_the_tasks_have(settings):
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if "notifications" in entry["task"]}
    assert wanted == {send_messages.name, purge_messages.name}
    route = current_app.amqp.router.route({}, send_messages.name)
    assert route["queue"].name == "messages"


@pytest.mark.django_db(transaction=True)
def test_with_redis_down_the_change_is_saved_and_the_message_goes_out_without_it(monkeypatch, caplog, gateway):
    monkeypatch.undo()  # the real broker call, on a port where nobody listens
    monkeypatch.setattr(nudging, "_broker_rests_until", 0.0)
    nowhere = Celery("nowhere", broker="redis://127.0.0.1:1/0", set_as_current=False)
    nowhere.conf.update(task_publish_retry=False, broker_transport_options={"socket_connect_timeout": 1})
    monkeypatch.setattr("notifications.tasks.send_messages", nowhere.task(name="nowhere.send")(drain))
    begun = time.monotonic()
    member = make_member()
    row = put(timezone.now(), member=member)
    assert "nudge_failed" in caplog.text
    assert time.monotonic() - begun < 10
    call_command("run_sender", "--once")
    assert Message.objects.get(pk=row.pk).state == "sent"


@pytest.mark.django_db(transaction=True)
def test_the_loop_outlives_a_database_that_was_restarted(monkeypatch, caplog):
    row = put(timezone.now(), member=make_member())
    stop = Event()

    def drain_once(**_: object) -> int:
        sent = drain()
        stop.set()
        return sent

    monkeypatch.setattr(sender, "drain", drain_once)
    with connection.cursor() as cursor, suppress(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    sender.run_until(stop, every_s=0.01)
    assert "round_failed" in caplog.text
    assert Message.objects.get(pk=row.pk).state == "sent"


@pytest.mark.django_db(transaction=True)
def test_the_loop_sends_and_ends_cleanly_on_sigterm():
    row = put(timezone.now(), member=make_member())
    database = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    loop = subprocess.Popen(
        [sys.executable, "-c", LOOP], env=os.environ | {"DATABASE_URL": address}, cwd=ROOT, stderr=subprocess.PIPE
    )
    try:
        for _ in range(600):
            if Message.objects.get(pk=row.pk).state == "sent" or loop.poll() is not None:
                break
            time.sleep(0.1)
        loop.send_signal(signal.SIGTERM)
        _, errors = loop.communicate(timeout=30)
    finally:
        loop.kill()
    assert Message.objects.get(pk=row.pk).state == "sent", errors.decode()[-2000:]
    assert loop.returncode == 0, errors.decode()[-2000:]


LOOP = """
import os, sys
sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from django.core.management import call_command
from tests.notifications.factories import declare_kinds
declare_kinds()
call_command("run_sender", "--every", "0.1")
"""
