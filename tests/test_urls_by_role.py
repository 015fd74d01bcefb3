"""Who may open what: every address of the house, every role. A new page must say here who may see it.

The marks of a row, one for each of `WHO` in turn: ``+`` the page; ``>`` to the login page; ``r`` on to another page;
``x`` 403, seen but not for this person; ``-`` 404, does not exist for this person; ``5`` 405, takes no GET.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from customers.choices import ImportKind
from customers.models import ImportRun
from notifications.models import Message
from outages.choices import ScopeKind
from outages.models import Storm, Subscription, WrittenNotice, WrittenRule
from outages.selectors.needs import Subject
from outages.services.history import start_run
from outages.services.posting import record_posting
from outages.services.restoring import begin
from outages.services.shipping import load_shipped_leads
from outages.services.watching import Plan, watch
from outages.services.writing import Scope, Writing, draft
from staff.choices import Role
from staff.models import Duty, MemberImport
from tests.outages.orderly import asked_user
from tests.workorders.pages import accepted
from tests.workorders.world import NOON, World, build
from workorders.models import PolicyRule
from workorders.services.attachments import attach
from workorders.services.rulebook import load_shipped_rules

# administrator and auditor have no part in the daily work; the stranger handles orders of another station
WHO = [
    "anonymous", "clerk", "agent", "dispatcher", "handler", "lead", "supervisor", "manager", "admin", "auditor",
    "stranger",
]  # fmt: skip
PUBLIC = """
    common:healthz common:readyz common:metrics common:language staff:login portal:home portal:follow
    portal:follow_token notifications:mailbox workorders:components outages:public outages:public_one
    outages:json outages:rss outages:ical outages:cap outages:subscribe outages:subscribe_code outages:following
    outages:own_ical
"""
GET = {
    # for everybody, by token where it is about somebody; the pages of developers exist nowhere else
    "+++++++++++": """
        common:healthz common:readyz common:metrics portal:follow portal:follow_token outages:public
        outages:public_one outages:json outages:rss outages:ical outages:cap outages:subscribe outages:subscribe_code
        outages:following outages:own_ical""",
    "+rrrrrrrrrr": "staff:login",
    "rrrrrrrrrrr": "portal:home",
    "-----------": "notifications:mailbox workorders:components",
    "55555555555": "common:language",
    # for everybody who is logged in
    ">rrrrrrrrrr": "staff:start staff:code workorders:intake",
    ">++++++++++": """
        staff:help staff:profile staff:password staff:second_factor staff:idle staff:settings staff:calendar
        staff:calendar_file notifications:inbox customers:suggest workorders:mine workorders:list workorders:rules
        workorders:rule""",
    ">---r------": "notifications:open",  # one's own message alone
    # orders and customers: a stranger's are not there
    ">+++++++++-": "workorders:detail workorders:receipt workorders:attachment",
    ">+++++++xx-": "workorders:act",
    ">++++++++--": "customers:detail customers:panel",
    ">++++++++x+": "customers:list",
    ">+++xx++xxx": "workorders:intake_kind outages:attach",
    ">+++xx+xxxx": "customers:new",
    ">+++xx+xx--": "customers:correct customers:contact customers:place",
    ">xxxxxx+x--": "customers:grade",
    ">xxxxxx+x+x": "customers:views",
    # desks, crews, boards
    ">x++xx++xxx": "workorders:callbacks",
    ">xx+xx++xxx": "workorders:dispatch outages:orderly_new",
    ">xx+xx++x+x": "dashboard:board",
    ">xxx++xxxx+": "workorders:crew",
    ">xxx++xxxx-": "workorders:crew_job workorders:crew_earlier workorders:crew_done workorders:crew_act",
    # outages: whom a customer may ask reads, the desk and unit leads write
    ">+++++++x++": "outages:list outages:storm",
    ">+++++++-++": """
        outages:detail outages:written outages:poster outages:preview outages:posting_photo""",
    ">xx+x+++-xx": "outages:letters outages:edit outages:act",
    ">+++++++---": "outages:proof",  # for who may open the customer's file
    ">xx+x+++---": "outages:hand_over",
    ">+++x+++-xx": "outages:calls outages:call",
    ">+x+++++-x+": "outages:post_up",
    ">xx+x+++xxx": "outages:new",
    ">xx+x+++x+x": """
        outages:orderly outages:figures outages:interruptions outages:planned outages:promises outages:frequent
        outages:need outages:watch""",
    # orderly use: dispatch and who leads write, unit leads carry notices and write down loads, auditors read
    ">--+-+++-+-": """
        outages:orderly_plan outages:orderly_exempt outages:orderly_run outages:orderly_users
        outages:orderly_receipt outages:orderly_proof outages:orderly_report outages:watch_item""",
    ">--+-x++-x-": """
        outages:orderly_edit outages:orderly_batch_new outages:orderly_batch outages:orderly_batch_remove
        outages:orderly_exempt_new outages:orderly_exempt_lift outages:orderly_act""",
    ">--+-+++-x-": "outages:orderly_run_act",
    # history is brought in by who leads
    ">xxxxx++xxx": "outages:history outages:history_run outages:history_mapping outages:history_report",
    ">xxxx+++xxx": "outages:watch_new",
    ">--x-+++-x-": "outages:watch_done",
    # settings
    ">xxxxx++++x": "common:health staff:units staff:members",
    ">xx+x+++++x": "staff:duty",
    ">-----++++-": "staff:unit staff:member",
    ">--+-+++++-": "staff:duty_week",
    ">-----xx+x-": "staff:unit_new staff:unit_edit staff:unit_move staff:member_edit staff:member_leave",
    ">xxxxx+x++x": "notifications:outgoing notifications:message",
    ">xxxxxxx++x": "staff:audit",
    ">xxxxxxx+xx": """
        staff:member_new staff:import staff:import_sample staff:import_check notifications:texts notifications:text
        notifications:quiet_hours customers:import customers:import_sample customers:import_run customers:import_wrong
        workorders:recalculate workorders:rule_edit""",
    # forms without a page of their own; see POST
    ">5555555555": """
        outages:storm_begin outages:storm_end
        staff:logout staff:unit_switch staff:unit_grant staff:member_password staff:member_unlock
        staff:member_second_factor staff:member_return staff:member_grant staff:member_revoke staff:duty_remove
        staff:duty_repeat staff:calendar_load staff:calendar_day notifications:read_all notifications:send_again
        notifications:withhold notifications:text_preview notifications:text_original customers:import_apply
        customers:import_drop customers:show workorders:show_person workorders:crew_undo workorders:crew_call
        workorders:crew_spoke workorders:crew_photo workorders:crew_press workorders:give_many workorders:give
        workorders:rule_confirm workorders:intake_promise workorders:intake_draft outages:retry outages:history_causes
        outages:history_apply outages:history_drop""",
}
# Addresses that take nothing but a form: ``+`` it was looked at, whatever came of it.
POST = {
    "+++++++++++": "common:language",
    ">++++++++++": "notifications:read_all",
    ">>>>>>>>>>>": "staff:logout",
    ">++++++++--": "customers:show",
    ">+++++++xx-": "workorders:show_person",
    ">+++xx++xxx": "workorders:intake_promise workorders:intake_draft",
    ">xx+xx++xx-": "workorders:give",
    ">xxxxx++xxx": """
        outages:storm_begin outages:storm_end outages:history_causes outages:history_apply outages:history_drop""",
    ">xx+xx++xxx": "workorders:give_many",
    ">xx+x+++-xx": "outages:retry",
    ">xxx++xxxx-": """
        workorders:crew_photo workorders:crew_call workorders:crew_undo workorders:crew_spoke workorders:crew_press""",
    ">-----xx+x-": """
        staff:unit_switch staff:unit_grant staff:member_return staff:member_grant staff:member_password
        staff:member_unlock staff:member_second_factor staff:member_revoke""",
    ">--x-x+++x-": "staff:duty_remove staff:duty_repeat",
    ">xxxxx+x+xx": "notifications:send_again notifications:withhold",
    ">xxxxxxx+xx": """
        staff:calendar_load staff:calendar_day customers:import_apply customers:import_drop notifications:text_preview
        notifications:text_original workorders:rule_confirm""",
}


def names(patterns=None, space: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """The name of every address with what it takes."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", frozenset(one.pattern.converters)


ALL = dict(names())


def rows(table: dict[str, str]) -> dict[str, str]:
    """The marks of every address."""
    return {name: marks for marks, group in table.items() for name in group.split()}


@pytest.fixture
def world(db, settings) -> World:
    load_shipped_rules()
    load_shipped_leads()
    settings.DEV_PAGES = False
    return build()


@pytest.fixture
def town(world, freeze) -> World:
    """An order in a crew's hands with a paper on it, files that were given, a shift of today."""
    freeze("2026-11-20 14:52:10")
    world.order = accepted(world)
    paper = SimpleUploadedFile("合同.pdf", b"%PDF-1.7\n")
    attach(code=world.order.code, actor=world.handler, now=NOON, request_id=uuid4(), uploads=[paper])
    Message.objects.filter(member=world.handler, channel="inapp").update(state="sent", sent_at=NOON)
    facts = {"kind": "fault", "unit": world.station, "place": "夜明珠街道"}
    scope = Scope(supply_points=frozenset({world.supply_point.pk}))
    world.outage = draft(writing=Writing(facts, scope), actor=world.dispatcher, now=NOON, request_id=uuid4())
    world.asked = asked_user(world)
    later = NOON + timedelta(hours=4)
    begin(code=world.outage.code, actor=world.lead, now=NOON, request_id=uuid4(), expected_at=later)
    WrittenNotice.objects.create(
        outage=world.outage, version=world.outage.versions.get(), customer=world.customer,
        supply_point=world.supply_point, rule=WrittenRule.objects.first(), handed_at=NOON, handed_by=world.lead,
        taken_by="王主任", proof=SimpleUploadedFile("签收.jpg", b"x"), proof_type="image/jpeg",
    )  # fmt: skip
    world.storm = Storm.objects.create(
        unit=world.station, reason="雷暴大风", until=later, asked_by=world.lead, asked_at=NOON, request_id=uuid4()
    )
    hang(world)
    world.past = start_run(
        upload=SimpleUploadedFile("old.csv", b"id,start,end\n1,2020-01-01,2020-01-01\n"),
        source=None,
        unit=world.company,
        actor=world.supervisor,
        now=NOON,
        request_id=uuid4(),
    )
    Subscription.objects.create(
        phone="13800001111",
        account_no="4200361772",
        language="en",
        consented_at=NOON,
        code_until=NOON,
        confirmed_at=NOON,
    )
    box = Subject(ScopeKind.TRANSFORMER, world.supply_point.transformer)
    plan = Plan(world.station, "去年夏天过载", "换一台大的", world.lead, NOON.date())
    world.watched = watch(
        subject=box, season="winter", year=2026, plan=plan, actor=world.lead, now=NOON, request_id=uuid4()
    )
    ImportRun.objects.create(code="A1", kind=ImportKind.CUSTOMERS, file_name="a.csv", created_at=NOON)
    MemberImport.objects.create(uploaded_by=world.admin, uploaded_at=NOON, file_name="b.csv", rows=[])
    Duty.objects.create(
        unit=world.crew2, role=Role.HANDLER, member=world.handler2, starts_at=NOON, ends_at=NOON + timedelta(hours=4)
    )
    return world


def hang(world: World) -> None:
    """A poster of the outage, with a photo."""
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, format="PNG")
    photo = SimpleUploadedFile("墙.png", picture.getvalue())
    area = world.supply_point.transformer.area
    own = {"area": area, "place": "3 栋门口", "at": NOON, "photo": photo, "request_id": uuid4()}
    record_posting(code=world.outage.code, actor=world.handler, now=NOON, **own)


@dataclass
class Place:
    """Where an example of an address leads: to the order of the town, its crew, a message of its handler …"""

    town: World

    def url(self, name: str) -> str:
        room, _, page = name.partition(":")
        given = self.of_room(room) | self.of_page(name)
        queries = {
            "staff:unit_new": "?under=CB",
            "outages:attach": f"?customer={self.town.customer.account_no}&point={self.town.supply_point.pk}",
        }
        query = queries.get(name, "")
        return reverse(name, kwargs={key: given[key] for key in ALL[name]}) + query

    def of_room(self, room: str) -> dict[str, Any]:
        order, own = self.town.order, Message.objects.get(member=self.town.handler, channel="inapp")
        if room == "workorders":
            paper, rule = order.attachments.get(), PolicyRule.objects.latest("pk")
            return {"code": order.code, "kind": "fault", "public_id": paper.public_id, "key": rule.key}
        if room == "outages":
            row = Subscription.objects.get()
            own = {"number": self.town.storm.pk, "proof_id": self.town.outage.written.get().proof_id}
            own |= {"public_id": self.town.outage.postings.get().public_id, "account_no": self.town.customer.account_no}
            own |= {"handle": row.handle, "token": row.token}
            own |= {"device": "transformer", "device_code": "T1", "item": self.town.watched.code}
            return own | {"code": self.town.outage.code, "slug": "estimate", "run": self.town.past.code}
        if room == "staff":
            run = MemberImport.objects.get()
            return {"code": "CB2", "staff_no": self.town.handler2.staff_no, "run": run.pk, "year": 2026}
        if room == "customers":
            return {"account_no": self.town.customer.account_no, "code": "A1", "kind": "customers"}
        return {"number": own.pk, "kind": own.kind, "channel": own.channel, "language": "zh-hans", "token": order.token}

    def of_page(self, name: str) -> dict[str, Any]:
        act = "tell-late" if name == "workorders:crew_act" else "note"
        orderly = self.of_orderly(name) if name.startswith("outages:orderly_") else {}
        return {"act": act, "what": "accept", "phase": "before", "day": "2026-10-01"} | orderly

    def of_orderly(self, name: str) -> dict[str, Any]:
        """The plan, or the run of it, with the user who signed."""
        user, of_run = self.town.asked, {"code", "number"} - ALL[name]
        own = {"batch": 1, "account": user.customer.account_no, "proof_id": user.proof_id, "number": 1}
        code, slug = (user.run.code, "record") if of_run else (user.run.plan.code, "submit")
        return own | {"code": code, "slug": slug}

    def form(self, name: str) -> dict[str, Any]:
        """What the form must name for anything to be found."""
        shift = Duty.objects.get().pk
        named = {"staff:member_revoke": {"role": "handler", "unit": "CB2"}, "staff:duty_remove": {"shift": shift}}
        return named.get(name, {})


@dataclass
class Visitor:
    """Somebody at a browser; what they do is undone."""

    who: str
    town: World

    def __post_init__(self) -> None:
        self.browser = Client(raise_request_exception=False)
        if self.who != "anonymous":
            self.browser.force_login(self.town.people[self.who], backend="staff.backends.MemberBackend")
        self.place, self.cookies = Place(self.town), self.browser.cookies.output(header="", sep=";")

    def get(self, name: str) -> HttpResponse:
        return self._ask(self.browser.get, self.place.url(name))

    def post(self, name: str) -> HttpResponse:
        return self._ask(self.browser.post, self.place.url(name), self.place.form(name))

    def _ask(self, method: Callable[..., HttpResponse], *what: Any) -> HttpResponse:
        with transaction.atomic():
            answer = method(*what)
            transaction.set_rollback(True)
        self.browser.cookies = SimpleCookie(self.cookies)
        return answer


def mark(answer: HttpResponse) -> str:
    """One letter of the table; a number is in no row."""
    if answer.status_code == 302:
        return ">" if answer.url.startswith(reverse("staff:login")) else "r"
    known = {200: "+", 403: "x", 404: "-", 405: "5"}
    return known.get(answer.status_code, str(answer.status_code))


def mark_of_form(answer: HttpResponse) -> str:
    return "+" if answer.status_code in (204, 409, 422) else mark(answer).replace("r", "+")


def test_every_address_is_in_the_table_once():
    for table in (GET, POST):
        listed = [name for group in table.values() for name in group.split()]
        assert len(listed) == len(set(listed))
    assert set(rows(GET)) == set(ALL)
    assert set(rows(POST)) == {name for name, marks in rows(GET).items() if "5" in marks}
    assert {name for name, marks in rows(GET).items() if marks[0] != ">"} == set(PUBLIC.split())


@pytest.mark.no_cover
@pytest.mark.parametrize("who", WHO)
def test_role_opens_exactly_what_the_table_says(town, who):
    visitor, place = Visitor(who, town), WHO.index(who)
    found = {name: mark(visitor.get(name)) for name in ALL}
    forms = {name: mark_of_form(visitor.post(name)) for name in rows(POST)}
    assert found == {name: marks[place] for name, marks in rows(GET).items()}
    assert forms == {name: marks[place] for name, marks in rows(POST).items()}


def test_no_address_takes_a_form_without_its_token(town):
    visitor = Visitor("supervisor", town)
    visitor.browser.handler.enforce_csrf_checks = True
    answers = {name: visitor.post(name) for name in ALL}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(ALL, 403)
    assert all("403_csrf.html" in [part.name for part in answer.templates] for answer in answers.values())


def test_strangers_to_the_house_can_send_nothing_but_public_forms(town):
    visitor = Visitor("anonymous", town)
    taken = {name for name in ALL if mark_of_form(visitor.post(name)) != ">"}
    assert taken == set(PUBLIC.split())


def test_what_is_behind_the_login_is_kept_out_of_shared_caches(town):
    visitor = Visitor("supervisor", town)
    kept = {name: visitor.get(name).headers.get("Cache-Control", "") for name in set(ALL) - set(PUBLIC.split())}
    assert {name for name, said in kept.items() if not {"private", "no-store"} & set(said.split(", "))} == set()
