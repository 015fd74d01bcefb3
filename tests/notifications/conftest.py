"""Kinds, gateway and mail server for tests about messages."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from notifications.gateway import Gateway, GatewayServer
from notifications.services import nudging
from tests.notifications.factories import declare_kinds, kinds_put_back


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with kinds_put_back():
        declare_kinds()
        yield


@pytest.fixture(autouse=True)
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a sender was woken; no test leaves work on a real broker unless it says so."""
    woken: list[int] = []
    monkeypatch.setattr(nudging, "_broker_rests_until", 0.0)
    monkeypatch.setattr("notifications.tasks.send_messages.apply_async", lambda **_: woken.append(1))
    return woken


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    """A real gateway on loopback, and settings that point at it."""
    with GatewayServer(0, "a-test-key") as server:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY, settings.SMS_TIMEOUT_S = server.url, "a-test-key", 2.0
        yield server.gateway
