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
from django.db.models import Count, Q  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from customers.models import Customer  # noqa: E402
from script.lib import browser  # noqa: E402
from staff.choices import UnitKind  # noqa: E402
from staff.models import Member  # noqa: E402
from workorders.choices import ENDED, ClockState, Kind, State, Verb  # noqa: E402
from workorders.models import WorkOrder  # noqa: E402

CLERK, AGENT, CARE, DISPATCHER, SUPERVISOR = "XL0102", "XL0121", "XL0108", "XL0201", "XL0005"
DESK, TALL, WALL = (1440, 900), (1440, 1060), (1920, 1080)
PHONE = (390, 844)
Act = Callable[[Any], None]
Who = str | Callable[[], str] | None  # a staff number, or how to find one


@dataclass(frozen=True)
class Shot:
    """One picture. ``address`` is worked out when its turn comes; ``act`` does what is to be seen."""

    name: str
    who: Who
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
    return f"{reverse('workorders:intake_kind', args=['fault'])}?q=陈淑&customer={customer.account_no}"


def busy_order() -> str:
    """A fault whose crew is on its way and whose promise still runs, else one under repair."""
    kept = orders().filter(promise_due_at__gt=timezone.now())
    on_the_way = kept.filter(state=State.ACCEPTED, events__verb=Verb.SET_OFF).distinct()
    under_way = on_the_way if on_the_way.exists() else kept.filter(state=State.IN_PROGRESS)
    order = one(under_way.order_by("promise_due_at"), "fault under repair")
    return reverse("workorders:detail", args=[order.code])


def jobs() -> Any:
    return orders().filter(unit__kind=UnitKind.CREW, state__in=[State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS])


def crew() -> str:
    """Who leads a crew with a morning's work, of which something is being repaired."""
    busy = jobs().order_by().values("unit").annotate(n=Count("pk"), at=Count("pk", filter=Q(state=State.IN_PROGRESS)))
    best = min(busy, key=lambda row: (not row["at"], abs(row["n"] - 3)), default=None)
    if best is None:
        raise SystemExit("No crew of the demo has a job just now; start script/server again and it goes on living.")
    return one(Member.objects.filter(home_unit=best["unit"], is_active=True).order_by("staff_no"), "crew").staff_no


def crew_job() -> str:
    mine = jobs().filter(unit__members__staff_no=crew()).order_by("-state", "promise_due_at")
    under_repair = mine.filter(state=State.IN_PROGRESS)
    return reverse("workorders:crew_job", args=[one(under_repair if under_repair.exists() else mine, "job").code])


def late_for_the_customer() -> str:
    """A promise that is broken, best of all one whose customer was told so."""
    late = orders().filter(
        promise_clock__state=ClockState.RUNNING, promise_due_at__lt=timezone.now(), customer__isnull=False
    )
    told = late.exclude(late_told_at=None)
    order = told.order_by("-late_told_at").first() or one(late, "broken promise")
    return reverse("portal:follow_token", args=[order.token])


def page(name: str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(name) + query


def fill_in(page: Any) -> None:
    page.locator("input[name=situation][value=whole] + label").click()
    page.locator("textarea[name=description]").fill("下午突然停电，楼道灯也不亮，对面楼有电。")
    page.locator("#dh-promise").get_by_text("前").first.wait_for()


def save_empty(page: Any) -> None:
    page.locator("input[name=contact_phone]").fill("1397620")
    page.locator("button.dh-btn[name=save]").click()
    page.locator(".dh-f--bad, .dh-problems").first.wait_for()


SHOTS = [
    Shot("00-components", CARE, page("workorders:components"), (1440, 1690)),
    Shot("01-intake", CLERK, intake, act=fill_in),
    Shot("01b-intake-errors", AGENT, intake, act=save_empty),
    Shot("02-order", DISPATCHER, busy_order, TALL),
    Shot("02b-order-en", DISPATCHER, busy_order, TALL, "en"),
    Shot("03-my-work", CARE, page("workorders:mine")),
    Shot("04-dispatch", DISPATCHER, page("workorders:dispatch")),
    Shot("05-dashboard", SUPERVISOR, page("dashboard:board")),
    Shot("05b-dashboard-wall", SUPERVISOR, page("dashboard:board", "?wall=1"), WALL),
    Shot("06a-crew-list", crew, page("workorders:crew"), PHONE),
    Shot("06b-crew-job", crew, crew_job, (390, 1010)),
    Shot("07d-follow", None, late_for_the_customer, (390, 940)),
    Shot("07e-follow-en", None, late_for_the_customer, (390, 940), "en"),
    Shot("08a-outages-desktop", None, page("outages:public")),
    Shot("08b-outages-phone", None, page("outages:public"), PHONE),
    Shot("08c-figures", SUPERVISOR, page("outages:figures"), TALL),
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
        sheet.locator("input[name=username]").fill(shot.who if isinstance(shot.who, str) else shot.who())
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
