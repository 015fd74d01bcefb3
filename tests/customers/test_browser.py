"""The customers room in a real browser: by keyboard, beside the intake, without script, and axe on every page."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer, ViewLog
from staff.choices import Role
from tests.browsing import DESK, axe_violations
from tests.customers.factories import AreaFactory, CustomerFactory, TransformerFactory, add_place
from tests.staff.factories import company, member
from workorders.services.rulebook import load_shipped_rules

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 800}
ACCOUNT = "4200361772"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def everybody(live):
    """陈淑兰 with two places, two more 陈淑, and people of every role that comes here."""
    load_shipped_rules()
    town = company()
    here = TransformerFactory(area=AreaFactory(station=town.station, crew=town.crew))
    chen = CustomerFactory(
        name="陈淑兰",
        account_no=ACCOUNT,
        phone="13912342716",
        address="夜明珠街道桔城路18号2栋1单元",
        door="302",
        flags=["elderly_alone", "life_support"],
        transformer=here,
    )
    add_place(chen, "夷兴路 45 号（铺面）", transformer=here)
    for name in ("陈淑芬", "陈淑英"):
        CustomerFactory(name=name, importance="first", transformer=here)
    CustomerFactory(name="长" * 60, transformer=here)
    roles = {"clerk": Role.CLERK, "keeper": Role.ARCHIVE_KEEPER, "auditor": Role.AUDITOR}
    return {key: member(unit=town.top, roles=[role]) for key, role in roles.items()}


def test_a_customer_is_found_and_opened_by_keyboard_alone(live, page, everybody):
    live.login(page, everybody["clerk"])
    page.goto(live.url("customers:list"))
    page.keyboard.press("/")
    page.keyboard.type("陈淑")
    page.wait_for_selector("#dh-hits mark")
    assert page.locator("#dh-hits a").count() == 3
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator("#dh-hits a").nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{second}")


def test_a_whole_number_and_enter_open_the_customer(live, page, everybody):
    live.login(page, everybody["clerk"])
    page.goto(live.url("customers:list"))
    page.keyboard.press("/")
    page.keyboard.type("4200 361 772")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{ACCOUNT}/")


def test_a_phone_is_shown_in_its_place_and_goes_again(live, page, everybody):
    live.login(page, everybody["clerk"])
    page.clock.install()
    page.goto(live.url("customers:detail", ACCOUNT))
    assert "1391234" not in page.content().replace(" ", "")
    page.locator("#dh-secrets details summary").first.click()
    page.locator("#dh-secrets details[open] button").click()
    page.wait_for_selector("#dh-secrets a[href='tel:13912342716']")
    assert ViewLog.objects.count() == 1
    page.clock.run_for(61_000)
    page.wait_for_selector("#dh-secrets:not([hx-get])")
    assert "13912342716" not in page.content().replace(" ", "")
    assert ViewLog.objects.count() == 1


def test_a_new_customer_is_entered_beside_the_intake_and_nothing_typed_is_lost(live, page, everybody):
    live.login(page, everybody["clerk"])
    page.goto(live.url("workorders:intake_kind", "fault"))
    page.locator("#id_description").fill("停电了，冰箱里有药")
    page.keyboard.press("Tab")
    page.wait_for_selector("#dh-draft:not(:empty)")
    page.locator(".dh-nobody a[hx-get]").click()
    page.locator("#dh-new #id_name").fill("赵小兰")
    page.locator("#dh-new #id_phone").fill("1380013")
    page.locator("#dh-new #id_address").fill("夜明珠街道桔城路18号2栋1单元501")
    page.locator("#dh-new .dh-btn--main").click()
    page.wait_for_selector("#dh-new .dh-why")
    page.locator("#dh-new #id_phone").fill("13800138000")
    page.locator("#dh-new .dh-btn--main").click()
    page.wait_for_selector("#dh-panel >> text=赵小兰")
    assert page.locator("#id_description").input_value() == "停电了，冰箱里有药"
    assert page.locator("input[name=contact_phone]").input_value() == "138 **** 8000"
    assert Customer.objects.get(name="赵小兰").supply_points.get().door == "501"


def test_everything_works_without_script(live, open_page, everybody):
    page = open_page(java_script_enabled=False)
    live.login(page, everybody["clerk"])
    page.goto(live.url("customers:list"))
    page.locator("#dh-find").fill("陈淑")
    page.locator("#dh-find").press("Enter")
    page.locator("a", has_text="陈淑兰").first.click()
    page.locator("#dh-secrets summary").first.click()
    page.locator("#dh-secrets details[open] button").click()
    expect(page.locator("a[href='tel:13912342716']")).to_have_count(1)
    page.goto(live.url("customers:correct", ACCOUNT))
    page.locator("#id_name").fill("陈素兰")
    page.locator("#id_phone").fill("12")
    page.locator(".dh-in .dh-btn--main").click()
    expect(page.locator("#id_phone[aria-invalid]")).to_have_value("12")
    expect(page.locator("#id_name")).to_have_value("陈素兰")
    page.locator("#id_phone").fill("13800138000")
    page.locator(".dh-in .dh-btn--main").click()
    expect(page.locator("h1")).to_contain_text("陈素兰")
    assert Customer.objects.get(account_no=ACCOUNT).name == "陈素兰"


@pytest.mark.parametrize(
    ("viewport", "locale"),
    [(DESK, "zh-CN"), (PHONE, "en-GB"), (NARROW, "zh-CN")],
    ids=["desk, Chinese", "phone, English", "narrow, Chinese"],
)
def test_no_page_has_a_barrier_or_scrolls_sideways(live, open_page, everybody, viewport, locale):
    found = []
    visits = [
        ("clerk", "customers:list", [], ""),
        ("clerk", "customers:list", [], "?q=陈淑"),
        ("clerk", "customers:list", [], "?q=陈叔叔"),
        ("clerk", "customers:detail", [ACCOUNT], ""),
        ("clerk", "customers:new", [], ""),
        ("clerk", "customers:correct", [ACCOUNT], ""),
        ("clerk", "customers:contact", [ACCOUNT], ""),
        ("keeper", "customers:grade", [ACCOUNT], ""),
        ("keeper", "customers:import", [], ""),
        ("auditor", "customers:views", [], ""),
    ]
    for who, name, args, query in visits:
        page = open_page(viewport=viewport, locale=locale)
        live.login(page, everybody[who])
        page.goto(live.url(name, *args) + query)
        found += [f"{name}{query}: {violation}" for violation in axe_violations(page)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > viewport["width"]:
            found.append(f"{name}{query}: {width} px wide")
        page.context.close()
    assert not found, "\n".join(found)
