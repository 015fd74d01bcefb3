"""Odd input: far too much of it, names that look like code or paths, signs no text has. Clear words, nothing broken."""

import csv
import io
from html import escape
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from customers.models import Customer
from notifications.models import Message
from staff.choices import Role
from staff.models import RoleGrant
from tests.workorders.pages import accepted, act_url, desk_of, finished
from tests.workorders.pages import page as page_of
from tests.workorders.test_intake_page import typed
from tests.workorders.world import World, build, fault
from workorders.models import Draft, Event, WorkOrder
from workorders.services.rulebook import load_shipped_rules

pytestmark = pytest.mark.django_db
TEN_MB = 10 * 1024 * 1024
PASTED = "a" * TEN_MB
PASTED_CHINESE = "停" * (TEN_MB // 3)  # 30 MB on its way: more than is read at all
LONGEST_ADDRESS = 4094  # bytes that the web server takes in one
AS_BROWSERS_SEND = "application/x-www-form-urlencoded"
INTAKE = reverse("workorders:intake_kind", args=["fault"])
PHONE = "13871234567"
NAMES = {
    "apostrophe": "O'Brien D'Arcy",
    "emoji": "王🏮小明👩‍👩‍👧",
    "sixty characters": "长" * 60,
    "script": "<script>alert('x')</script>",
    "formula": "=HYPERLINK(\"http://x\",'陈')",
    "markup": 'a" onmouseover="x() {{ 7|add:7 }} %s &amp;',
}


@pytest.fixture
def world(db, freeze) -> World:
    load_shipped_rules()
    freeze("2026-11-20 15:02:10")
    return build()


def send(browser: Client, url: str, data: dict[str, str]):
    """A form as browsers send it: every Chinese character takes nine bytes."""
    return browser.post(url, urlencode(data), content_type=AS_BROWSERS_SEND)


def bad_fields(answer) -> list[str]:
    return list(answer.context["form"].errors)


# ── ten megabytes of pasted text ────────────────────────────────────────


def test_ten_mb_in_the_intake_form_is_refused_at_its_field_and_the_rest_is_kept(world):
    answer = send(desk_of(world.clerk), INTAKE, typed(world, description=PASTED, address="桔城路 18 号"))
    assert answer.status_code == 422
    assert bad_fields(answer) == ["description"]
    form = answer.context["form"]
    assert (form["address"].value(), len(form["description"].value())) == ("桔城路 18 号", len(PASTED))
    assert b"dh-f--bad" in answer.content
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize("field", ["contact_name", "contact_phone", "address", "channel", "situation"])
def test_ten_mb_in_any_field_of_the_intake_is_refused_at_that_field(world, field):
    answer = send(desk_of(world.clerk), INTAKE, typed(world, **{field: PASTED}))
    assert (answer.status_code, bad_fields(answer)) == (422, [field])
    assert not WorkOrder.objects.exists()


def test_ten_mb_typed_into_the_intake_stops_neither_the_promise_nor_the_draft(world):
    clerk, data = desk_of(world.clerk), typed(world, description=PASTED)
    for part in ("intake_promise", "intake_draft"):
        assert send(clerk, reverse(f"workorders:{part}", args=["fault"]), data).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.parametrize("act", ["answer", "note"])
def test_ten_mb_in_the_form_of_an_act_is_refused_at_its_field_and_changes_nothing(world, act):
    order = finished(world)
    before = Event.objects.filter(order=order).count()
    data = {"text": PASTED, "request_id": str(uuid4()), "version": str(order.version)}
    answer = send(desk_of(world.agent), act_url(order, act), data)
    assert answer.status_code == 422
    assert "text" in bad_fields(answer)
    order.refresh_from_db()
    assert (order.version, Event.objects.filter(order=order).count()) == (int(data["version"]), before)


@pytest.mark.parametrize("field", ["code", "phone"])
def test_ten_mb_on_the_follow_page_is_refused_at_its_field(world, field):
    data = {"code": fault(world).code, "phone": PHONE} | {field: PASTED}
    answer = send(Client(), reverse("portal:follow"), data)
    assert (answer.status_code, bad_fields(answer)) == (422, [field])


@pytest.mark.parametrize("who", ["clerk", None])
def test_more_than_is_read_at_all_is_a_page_that_says_so(world, who):
    browser = desk_of(world.people[who]) if who else Client()
    url = INTAKE if who else reverse("portal:follow")
    answer = send(browser, url, typed(world, description=PASTED_CHINESE))
    assert answer.status_code == 413
    assert "内容太长了" in answer.content.decode()
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize("page", ["list", "suggest"])
def test_search_as_long_as_an_address_may_be_is_cut_to_what_the_box_takes(world, page):
    answer = desk_of(world.clerk).get(reverse(f"customers:{page}"), {"q": "z" * LONGEST_ADDRESS})
    assert answer.status_code == 200
    box = answer.context["search_text" if page == "list" else "text"]
    assert box == "z" * 100


# ── a file that would like to be elsewhere ──────────────────────────────


def test_file_called_like_a_way_out_is_kept_inside_under_a_name_of_ours(world, media):
    order = accepted(world)
    picture = BytesIO()
    Image.new("RGB", (20, 20), "orange").save(picture, "JPEG")
    edge = "edge"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="request_id"\r\n\r\n{uuid4()}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="../../x"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    whole = body + picture.getvalue() + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    answer = desk_of(world.handler).post(act_url(order, "note"), whole, content_type=kind)
    assert answer.status_code == 302
    attachment = order.attachments.get()
    (stored,) = [path for path in Path(media).parent.rglob("*") if path.is_file()]
    assert stored == Path(media) / attachment.file.name
    assert (stored.name, attachment.name) == (str(attachment.public_id), "x")
    answer = desk_of(world.handler).get(reverse("workorders:attachment", args=[attachment.public_id]))
    assert answer.headers["Content-Disposition"] == 'inline; filename="x"'


def test_name_of_a_file_is_written_as_text_on_the_order_page(world):
    order = accepted(world)
    paper = SimpleUploadedFile("<b>'\".pdf", b"%PDF-1.7\n")
    desk_of(world.handler).post(act_url(order, "note"), {"files": paper, "request_id": str(uuid4())})
    html = desk_of(world.clerk).get(page_of(order)).content.decode()
    assert escape(order.attachments.get().name) in html
    assert "<b>'" not in html


# ── a name that is nobody's fault ───────────────────────────────────────


@pytest.fixture(params=NAMES)
def named(request, world) -> Customer:
    """A customer of that name, entered at the counter."""
    data = {
        "name": NAMES[request.param], "phone": PHONE, "klass": "residential", "voltage": "low", "role": "owner",
        "address": "夷兴路 45 号", "transformer": "T1", "meter_no": "330010926", "language": "zh-hans",
        "request_id": str(uuid4()),
    }  # fmt: skip
    answer = desk_of(world.clerk).post(reverse("customers:new"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Customer.objects.exclude(pk=world.customer.pk).get()


def shown(browser: Client, url: str, name: str) -> str:
    """The page, on which the name stands as text and nowhere as it was typed if that could do anything."""
    answer = browser.get(url, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert escape(name) in html, url
    if escape(name) != name:
        assert name not in html, url
    return html


def test_customer_of_any_name_goes_all_the_way(named, world):
    name, clerk = named.name, desk_of(world.clerk)
    assert name in NAMES.values()
    file = reverse("customers:detail", args=[named.account_no])
    for page in (reverse("customers:list"), reverse("customers:list") + "?" + urlencode({"q": name}), file):
        shown(clerk, page, name)
    shown(clerk, f"{INTAKE}?customer={named.account_no}", name)
    point = str(named.supply_points.get().pk)
    data = typed(world, customer=named.account_no, supply_point=point, contact_name=name, contact_phone=PHONE)
    assert clerk.post(INTAKE, data).status_code == 302
    order = WorkOrder.objects.get()
    assert (order.contact_name, order.customer) == (name, named)
    shown(clerk, page_of(order), name)
    assert clerk.get(reverse("workorders:list"), {"q": name}).status_code == 200
    assert clerk.get(reverse("workorders:receipt", args=[order.code])).status_code == 200
    assert Message.objects.filter(about=order.code, kind="order_received").exists()


def test_customer_of_any_name_follows_the_order(named, world):
    point = named.supply_points.get()
    order = fault(world, customer=named, supply_point=point, contact_name=named.name, contact_phone=PHONE)
    public = Client()
    answer = public.post(reverse("portal:follow"), {"code": order.code, "phone": PHONE}, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "portal/order.html" in [part.name for part in answer.templates]
    for dangerous in ("<script>alert", 'onmouseover="x()'):
        assert dangerous not in html


def test_customer_of_any_name_is_exported_as_text(named, world):
    RoleGrant.objects.create(member=world.manager, role=Role.ARCHIVE_KEEPER, unit=world.company)
    answer = desk_of(world.manager).post(reverse("customers:list"), {"export": "1", "purpose": "audit"})
    assert answer.status_code == 200, answer.content.decode()[:2000]
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    (row,) = [row for row in rows if row[0] == named.account_no]
    assert row[1] == (f"'{named.name}" if named.name.startswith("=") else named.name)


# ── signs and addresses that mean nothing ───────────────────────────────


@pytest.mark.parametrize("name", ["workorders:detail", "workorders:crew_job", "staff:member", "staff:unit"])
def test_address_with_a_nul_in_it_cannot_be_read(world, name):
    answer = desk_of(world.supervisor).get(reverse(name, args=["a\x00b"]))
    assert answer.status_code == 400
    assert "400.html" in [part.name for part in answer.templates]


def test_nul_in_a_form_cannot_be_read_and_changes_nothing(world):
    order = fault(world)
    url = reverse("workorders:give", args=[order.code])
    assert desk_of(world.dispatcher).post(url, {"unit": "CB1\x00"}).status_code == 400
    assert list(order.events.values_list("verb", flat=True)) == ["receive"]


@pytest.mark.parametrize("wish", ["'\"><script>", "javascript:alert(1)", "//evil.example", "workorders", "🏮"])
def test_way_back_that_is_no_page_of_ours_leads_home(world, wish):
    browser = Client()
    entering = {"username": world.clerk.staff_no, "password": "Denghuo-2026", "next": wish}
    assert browser.post(reverse("staff:login"), entering).url == reverse("staff:start")
    assert browser.get(reverse("staff:login"), {"next": wish}).url == reverse("staff:start")
    order = accepted(world)
    answer = browser.post(act_url(order, "note"), {"text": "好", "request_id": str(uuid4()), "next": wish})
    assert answer.url == page_of(order)
    assert browser.post(reverse("common:language"), {"language": "en", "next": wish}).url == "/"
