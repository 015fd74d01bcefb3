"""A real Chromium for tests marked ``browser``, against a real server.

    def test_clerk_sees_promise(live, page):
        live.login(page, clerk)
        page.goto(live.url("workorders:intake"))

A page that logs an error to its console, or asks for something that is not there, fails its test.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from script.lib import browser as chromium

PATIENCE_MS = 20_000  # for a busy machine; what is there is seen at once
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_RUN = "async (rules) => (await axe.run(document, {runOnly: rules})).violations"


def no_browser() -> None:
    """Skip loudly; where everything must be proved (CI=true) that is a failure."""
    words = "browser tests NOT RUN: no Chromium on this machine (script/test tries to get one)"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole session."""
    path = chromium.find()
    if path is None:
        no_browser()
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)

    # Playwright keeps an event loop in this thread; Django's guard would take every query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield started
        started.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open another page: ``open_page(viewport=PHONE, locale="en-GB", java_script_enabled=False)``."""
    contexts, errors = [], []

    def open_one(*, viewport: dict[str, int] = DESK, locale: str = "zh-CN", **options: Any) -> Any:
        context = browser.new_context(viewport=viewport, locale=locale, timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        return page

    open_one.errors = errors  # type: ignore[attr-defined]
    yield open_one
    for context in contexts:
        with suppress(Exception):
            context.close()
    unexpected = [error for error in errors if "status of 4" not in error]  # 403, 404, 409 and 422 are answers
    assert not unexpected, "\n".join(unexpected)


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """A desk-sized Chinese page."""
    return open_page()


@dataclass
class Live:
    """A running server and the ways into it."""

    root: str

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return self.root + reverse(name, args=args, kwargs=kwargs)

    def login(self, page: Any, member: Any) -> None:
        """Put a session of ``member`` into the page's cookies: no test needs to prove the login form again."""
        from django.test import Client

        client = Client()
        client.force_login(member, backend="staff.backends.MemberBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.root}])


@pytest.fixture
def live(transactional_db: None, live_server: Any) -> Live:
    """The server on a free port; rows written by the test are really committed."""
    return Live(live_server.url)


def axe_violations(page: Any) -> list[str]:
    """What axe-core finds on the page (WCAG 2.0–2.2, A and AA), one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        f"{found['id']}: {found['help']} — {', '.join(str(node['target']) for node in found['nodes'][:3])}"
        for found in page.evaluate(AXE_RUN, AXE_RULES)
    ]
