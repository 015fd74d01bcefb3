"""What every test may use: a database and a broker of its own, a clock that stands still, a browser.

Services come from ``DATABASE_URL`` and ``REDIS_URL`` (script/test starts private ones). Under xdist each worker has a
database of its own (pytest-django) and a Redis database of its own (here).
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import structlog
import time_machine
from django.conf import settings
from django.core.cache import cache

from notifications.gateway import Gateway, GatewayServer
from tests import resetting

pytest_plugins = ["tests.browsing"]

# Nothing is judged by the time it takes: a busy machine is no failed property.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")

HERE = ZoneInfo("Asia/Shanghai")


def pytest_configure(config: pytest.Config) -> None:
    """Quick password hashes, plain static files, a broker database of our own, before anybody has read them."""
    hashers = ["MD5PasswordHasher", "PBKDF2PasswordHasher"]  # the second for one-time passwords
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}" for name in hashers]
    settings.REQUIRE_TOTP = False  # the second step stands in the way where it is not what a test is about
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.REDIS_URL = settings.CELERY_BROKER_URL = own_redis(settings.REDIS_URL)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """pytest-django's database, put back quickly after tests that commit."""
    with django_db_blocker.unblock():
        resetting.install()


def own_redis(address: str) -> str:
    """The same Redis, with the database that belongs to this xdist worker (0 belongs to nobody's tests)."""
    worker = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "gw0"))
    return urlunsplit(urlsplit(address)._replace(path=f"/{int(worker or 0) + 1}"))


@pytest.fixture(autouse=True)
def media(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    """Attachments go to a directory that is thrown away."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def heard_anew(settings: Any) -> None:
    """Pulses are taken at every request: a test that stops a clock does not wait five seconds. Nor is a page shown that
    another test had drawn."""
    cache.clear()
    settings.PULSE_KEPT_S = settings.BOARD_MONTH_KEPT_S = 0


@pytest.fixture(autouse=True)
def no_ids_of_other_tests() -> None:
    """A request that ended in an exception leaves its ids bound in this thread."""
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    """A real SMS gateway on loopback, and settings that point at it."""
    with GatewayServer(0, "a-test-key") as server:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY, settings.SMS_TIMEOUT_S = server.url, "a-test-key", 2.0
        yield server.gateway


def moment(text: str) -> datetime:
    """``"2026-11-20 14:05"`` (or with seconds) as it reads on a clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.fixture
def freeze() -> Iterator[Callable[[str], time_machine.Traveller]]:
    """Stop the clock: ``clock = freeze("2026-11-20 14:05")``, then ``clock.shift(60)`` or ``clock.move_to(…)``."""
    started: list[time_machine.travel] = []

    def stop_at(text: str) -> time_machine.Traveller:
        travel = time_machine.travel(moment(text), tick=False)
        started.append(travel)
        return travel.start()

    yield stop_at
    for travel in reversed(started):
        travel.stop()
