"""Kinds, gateway and mail server for tests about messages."""

from collections.abc import Iterator

import pytest

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
