"""Pages as a worker answers them: the whole of Django's handling of a request, without the socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from staff.models import Member
from tests.bench.timing import Took, median, taking

PLAIN = {
    "ALLOWED_HOSTS": ["*"],
    "REQUIRE_TOTP": False,
    "STORAGES": settings.STORAGES
    | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}


@contextmanager
def window_of(member: Member, **options: Any) -> Iterator[Client]:
    """A browser in which this member is logged in."""
    with override_settings(**PLAIN):
        window = Client(**options)
        window.force_login(member, backend="staff.backends.MemberBackend")
        yield window


def shown(window: Client, url: str, *, times: int) -> list[Took]:
    """How long each of ``times`` answers takes, after two that warm up."""
    spans = []
    for turn in range(times + 2):
        with taking() as took:
            answer = window.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        if turn >= 2:
            spans.append(took)
    return spans


def queries_of(window: Client, url: str) -> int:
    """How many statements one answer takes, when nothing is fresh in memory that would not be in life."""
    window.get(url)
    with CaptureQueriesContext(connection) as queries:
        window.get(url)
        return len(queries)


def p50_ms(spans: list[Took]) -> tuple[float, str]:
    """The middle answer in milliseconds, and how much of it was work."""
    middle = median(spans)
    return middle.wall_s * 1000, f"work {middle.work_s * 1000:.0f} ms"
