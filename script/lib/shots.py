"""What is on each picture: who looks, at what, and what they have done there. Run by script/lib/screenshots.py.

Everything is looked up in the demo as it is now, so a picture is of a case that fits its name, not of a fixed code.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from customers.models import Customer  # noqa: E402
from script.lib import browser  # noqa: E402
from workorders.choices import ENDED, ClockState, Kind, State  # noqa: E402
from workorders.models import WorkOrder  # noqa: E402

CLERK, AGENT, DISPATCHER, CREW, SUPERVISOR = "XL0102", "XL0121", "XL0201", "XL0301", "XL0005"
DESK, TALL, WALL = (1440, 900), (1440, 1060), (1920, 1080)
PHONE = (390, 844)
Act = Callable[[Any], None]


@dataclass(frozen=True)
class Shot:
    """One picture. ``address`` is worked out when its turn comes; ``act`` does what is to be seen."""

    name: str
    who: str | None
    address: Callable[[], str]
    size: tuple[int, int] = DESK
    language: str = "zh-hans"
    act: Act | None = None


def orders() -> Any:
    return WorkOrder.objects.filter(kind=Kind.FAULT).exclude(state__in=ENDED).order_by("-received_at")


def one(found: Any, what: str) -> Any:
    first = found.first()
    if first is None:
        raise SystemExit(f"The demo has no {what} just now; start script/server again and it goes on living.")
    return first


def intake() -> str:
    """A customer who has nothing open, found by name: 陈淑…"""
    free = Customer.objects.exclude(orders__state__in=set(State) - ENDED).order_by("account_no")
    customer = free.filter(name__startswith="陈淑").first() or one(free, "customer without an open order")
    return f"{reverse('workorders:intake_kind', args=['fault'])}?customer={customer.account_no}"


def busy_order() -> str:
    """A fault under repair with many clocks and a promise that still runs."""
    running = orders().filter(state=State.IN_PROGRESS, promise_due_at__gt=timezone.now())
    under_way = running if running.exists() else orders().filter(state__in=[State.IN_PROGRESS, State.ACCEPTED])
    order = one(under_way.annotate(n=Count("clocks")).order_by("-n", "-received_at"), "fault under repair")
    return reverse("workorders:detail", args=[order.code])


def crew_job() -> str:
    mine = orders().filter(unit__members__staff_no=CREW, state__in=[State.ACCEPTED, State.IN_PROGRESS])
    return reverse("workorders:crew_job", args=[one(mine, "job of this crew").code])


def late_for_the_customer() -> str:
    """A promise that is broken, best of all one whose customer was told so."""
    late = orders().filter(
        promise_clock__state=ClockState.RUNNING, promise_due_at__lt=timezone.now(), customer__isnull=False
    )
    told = late.exclude(late_told_at=None)
    order = told.first() or one(late, "broken promise")
    return reverse("portal:follow_token", args=[order.token])


def page(name: str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(name) + query


def fill_in(page: Any) -> None:
    page.locator("input[name=situation][value=whole] + label").click()
    page.locator("textarea[name=description]").fill("下午突然停电，楼道灯也不亮，对面楼有电。")
    page.locator("#dh-promise").get_by_text("前").first.wait_for()


def save_empty(page: Any) -> None:
    page.locator("button.dh-btn[name=save]").click()
    page.locator(".dh-f--bad, .dh-problems").first.wait_for()


SHOTS = [
    Shot("00-components", AGENT, page("workorders:components"), (1440, 1690)),
    Shot("01-intake", CLERK, intake, act=fill_in),
    Shot("01b-intake-errors", CLERK, intake, act=save_empty),
    Shot("02-order", AGENT, busy_order, TALL),
    Shot("02b-order-en", AGENT, busy_order, TALL, "en"),
    Shot("03-my-work", AGENT, page("workorders:mine")),
    Shot("04-dispatch", DISPATCHER, page("workorders:dispatch")),
    Shot("05-dashboard", SUPERVISOR, page("dashboard:board")),
    Shot("05b-dashboard-wall", SUPERVISOR, page("dashboard:board", "?wall=1"), WALL),
    Shot("06a-crew-list", CREW, page("workorders:crew"), PHONE),
    Shot("06b-crew-job", CREW, crew_job, (390, 1010)),
    Shot("07d-follow", None, late_for_the_customer, (390, 940)),
    Shot("07e-follow-en", None, late_for_the_customer, (390, 940), "en"),
    Shot("09a-login", None, page("staff:login")),
    Shot("10-health", SUPERVISOR, page("common:health")),
]


def main(directory: Path, wanted: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    chosen = [shot for shot in SHOTS if not wanted or any(shot.name.startswith(name) for name in wanted)]
    directory.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=browser.FLAGS)
        for shot in chosen:
            take(chromium, shot, directory)
        chromium.close()
    print(f"{len(chosen)} pictures in {directory}", flush=True)
    return 0


def take(chromium: Any, shot: Shot, directory: Path) -> None:
    width, height = shot.size
    context = chromium.new_context(
        viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai", locale=shot.language
    )
    context.set_default_timeout(15_000)
    site = settings.SITE_URL
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": shot.language, "url": site}])
    sheet = context.new_page()
    if shot.who:
        sheet.goto(site + reverse("staff:login"))
        sheet.locator("input[name=username]").fill(shot.who)
        sheet.locator("input[name=password]").fill(settings.DEMO_PASSWORD)
        sheet.locator("input[name=password]").press("Enter")
        sheet.wait_for_url(lambda url: "/login" not in url)
    sheet.goto(site + shot.address())
    if shot.act:
        shot.act(sheet)
    sheet.screenshot(path=directory / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
