"""What the logs carry and what they never carry."""

import json
import logging
import uuid

import pytest
import structlog

from common import logs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 13912342716 now", "call 139****2716 now"),
        ("139 1234 2716", "139****2716"),
        ("+86-13912342716", "139****2716"),
        ("0717-6214455", "0717-****4455"),
        ("420502198001011234", "[id]"),
        ("li.lei@example.cn", "***@example.cn"),
        ("住中山路 18 号 3 栋 2 单元 501 室", "住中山路***"),
        ("东山大道102号门口", "东山大道***门口"),
        ("GET /customers/?q=陈叔&page=2", "GET /customers/?q=…&page=…"),
    ],
)
def test_what_leads_to_a_person_is_masked(text, expected):
    assert logs.masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "BX-261121-0147",
        "2026-11-21T12:00:00.123456Z",
        "城区一班 accepted in 08:30-12:00",
        "account 4210012345",
        "3f2b1381-2345-4678-9138-139123427160",
        "查询道路情况",
    ],
)
def test_codes_instants_and_ids_stay_readable(text):
    assert logs.masked(text) == text


def test_personal_fields_are_hidden_at_any_depth_whatever_they_hold():
    event = {"event": "saved", "data": [{"phone": 13912342716, "door": "501", "kind": "fault"}], "address": "万寿桥下"}

    hidden = logs.mask_people(None, "info", event)

    assert hidden == {
        "event": "saved",
        "data": [{"phone": "139****2716", "door": "***", "kind": "fault"}],
        "address": "***",
    }


@pytest.fixture
def written():
    """Log through the real handler of the LOGGING setting; gives the lines."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    settings = logs.formatter(json=True)
    formatter = settings.pop("()")
    handler = Keep()
    handler.setFormatter(formatter(**settings))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def test_library_line_with_arguments_and_traceback_is_masked_too(written):
    try:
        raise ValueError("Key (phone)=(13912342716) already exists.")
    except ValueError:
        logging.getLogger("django.db").exception("could not save %s", "13912342716")

    line = json.loads(written[-1])
    assert line["event"] == "could not save 139****2716"
    assert "139****2716" in line["exception"]
    assert "13912342716" not in written[-1]


def test_request_line_carries_request_id_and_actor_but_no_query(written, client, db):
    from staff.choices import Role
    from tests.staff import factories

    member = factories.member("XL0011", "陈晓", unit=factories.company().top, roles=[Role.CLERK])
    client.force_login(member)
    client.get("/healthz", {"q": "陈叔 13912342716"})

    line = next(json.loads(text) for text in reversed(written) if "request_finished" in text)
    assert uuid.UUID(line["request_id"])
    assert line["actor"] == "XL0011"
    assert line["request"] == "GET /healthz?q=…"


def test_task_lines_carry_the_task_and_the_request_that_asked(written, settings):
    from celery import Celery
    from django_structlog.celery.receivers import CeleryReceiver

    @Celery("tests", set_as_current=False).task
    def task() -> None: ...

    receiver = CeleryReceiver()
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        headers: dict = {}
        receiver.receiver_before_task_publish(headers=headers)
    task.push_request(__django_structlog__=headers["__django_structlog__"])
    receiver.receiver_task_prerun("t-1", task)
    structlog.get_logger("common").info("working")
    structlog.contextvars.clear_contextvars()

    line = json.loads(written[-1])
    assert (line["task_id"], line["request_id"]) == ("t-1", "r-1")
