"""The message pages in a real browser: access, narrow screens, the preview that follows the typing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from notifications.services.sender import drain
from staff.choices import Role
from tests.browsing import DESK, PHONE, axe_violations
from tests.notifications.factories import make_member, put

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = ("notifications:text", "test.on_the_way", "sms", "zh-hans")
NARROW = {"width": 320, "height": 700}


@pytest.fixture
def boss(live, settings):
    """Somebody who may open every page, with something on each."""
    settings.DEV_PAGES = True
    member = make_member(Role.ADMINISTRATOR, Role.SUPERVISOR, Role.EDITOR)
    for n in range(2):
        put(timezone.now(), member=member, about=f"BX-261120-014{n}")
    put(timezone.now(), address="not a number", urgent=True)
    drain()
    put(timezone.now(), urgent=True)
    return member


@pytest.mark.parametrize(
    ("viewport", "locale"), [(DESK, "zh-CN"), (PHONE, "en-GB"), (NARROW, "zh-CN")], ids=["desk", "phone", "narrow"]
)
def test_every_page_is_accessible_and_fits(live, boss, open_page, viewport, locale):
    page = open_page(viewport=viewport, locale=locale)
    live.login(page, boss)
    failed = Message.objects.get(state="failed")
    names = ["inbox", "outgoing", "texts", "quiet_hours", "mailbox"]
    urls = [live.url(f"notifications:{name}") for name in names]
    for url in [*urls, live.url("notifications:message", failed.pk), live.url(*TEXT)]:
        page.goto(url)
        assert axe_violations(page) == [], url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), url


def test_the_preview_follows_the_typing_and_the_count_with_it(live, boss, page):
    live.login(page, boss)
    page.goto(live.url(*TEXT))
    preview = page.locator("#dh-preview")
    page.get_by_label("正文").fill("{name}，师傅快到了")
    preview.get_by_text("陈淑兰，师傅快到了").wait_for()
    page.get_by_label("正文").fill("{nobody}，师傅快到了")
    preview.get_by_text("这种消息里没有 {nobody}").wait_for()
    page.get_by_role("button", name="启用").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("正文").input_value() == "{nobody}，师傅快到了"


def test_a_message_is_sent_again_and_the_inbox_emptied_without_script(live, boss, open_page):
    page = open_page(java_script_enabled=False)
    live.login(page, boss)
    page.goto(live.url("notifications:outgoing") + "?state=failed")
    page.get_by_role("button", name="重发").click()
    page.wait_for_url(f"**{reverse('notifications:message', args=[Message.objects.get(address='not a number').pk])}")
    assert Message.objects.get(address="not a number").state == "queued"
    page.goto(live.url("notifications:inbox"))
    page.get_by_role("button", name="全部标为已看").click()
    page.get_by_text("都看过了").wait_for()
