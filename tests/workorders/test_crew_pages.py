"""The crew's phone: what is next, one press when there, one form when done, photos, late entries, undo."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from customers.models import ViewLog
from tests.workorders import pages
from tests.workorders.world import NOON, fault
from workorders.models import Attachment, Clock, Event
from workorders.services.dispatching import dispatch_order

MIN = timedelta(minutes=1)
JOBS = reverse("workorders:crew")
AT = 20 * MIN  # when these people look at their phones


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON + AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(world, client):
    """The crew member's phone."""
    client.force_login(world.handler)
    client.world = world
    return client


def url(name, order, *args):
    return reverse(f"workorders:crew_{name}", args=[order.code, *args])


def key(**more):
    return {"request_id": str(uuid4())} | more


def jpeg(name="box.jpg", size=(3000, 2000)) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "gray").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


# ── the list ──


def test_danger_comes_first_then_time_left(phone):
    world = phone.world
    calm = pages.dispatched(world)
    danger = fault(world, now=NOON + MIN, situation="danger", description="电线掉在路上")
    pages.do(dispatch_order, danger, world.dispatcher, 2 * MIN, unit=world.crew)
    assert phone.get(JOBS).context["day"].jobs == [danger, calm]


def test_list_holds_only_what_is_in_the_crews_hands(phone):
    fault(phone.world)  # not given yet
    pages.finished(phone.world)
    day = phone.get(JOBS).context["day"]
    assert (day.jobs, day.done) == ([], 1)


def test_job_in_the_same_building_says_so(phone):
    first, second = pages.dispatched(phone.world), pages.dispatched(phone.world)
    assert phone.get(JOBS).context["same"] == {second.pk: 1}
    assert first.address == second.address


def test_first_job_offers_its_one_step(phone):
    order = pages.dispatched(phone.world)
    page = phone.get(JOBS).content.decode()
    assert url("press", order, "accept") in page
    assert url("call", order) in page


def test_empty_list_teaches(phone):
    assert "手上没有" in phone.get(JOBS).content.decode()


def test_queries_of_the_list_do_not_grow_with_jobs(phone, django_assert_max_num_queries):
    for _ in range(6):
        pages.accepted(phone.world)
    phone.get(JOBS)
    with django_assert_max_num_queries(18):
        phone.get(JOBS)


# ── one press ──


@pytest.mark.parametrize(
    ("stage", "what", "state"),
    [
        ("dispatched", "accept", "accepted"),
        ("accepted", "set-off", "accepted"),
        ("on_the_way", "arrive", "in_progress"),
    ],
)
def test_a_press_does_its_act_once_however_often_it_comes(phone, stage, what, state):
    order = getattr(pages, stage)(phone.world)
    again = key()
    for _ in range(2):
        answer = phone.post(url("press", order, what), again, follow=True)
        assert not list(answer.context["messages"])
    order.refresh_from_db()
    assert order.state == state
    assert Event.objects.filter(order=order, verb=what.replace("-", "_")).count() == 1


@pytest.mark.parametrize(
    ("stage", "verb"),
    [
        ("dispatched", "accept"),
        ("accepted", "set_off"),
        ("on_the_way", "arrive"),
        ("on_site", "finish"),
        ("finished", ""),
    ],
)
def test_job_offers_exactly_its_next_step(phone, stage, verb):
    step = phone.get(url("job", getattr(pages, stage)(phone.world))).context["page"].step
    assert (step.verb if step else "") == verb


def test_press_that_cannot_follow_is_refused_in_words(phone):
    answer = phone.post(url("press", pages.finished(phone.world), "accept"), key(), follow=True)
    assert len(answer.context["messages"]) == 1


def test_unknown_press_is_404(phone):
    assert phone.post(url("press", pages.dispatched(phone.world), "fly"), key()).status_code == 404


# ── undo ──


def test_slip_is_offered_back_for_a_while_and_taken_back(phone, clock):
    order = pages.accepted(phone.world)
    phone.post(url("press", order, "arrive"), key())
    assert url("undo", order) in phone.get(url("job", order)).content.decode()
    clock.shift(10)
    phone.post(url("undo", order), key())
    order.refresh_from_db()
    assert order.state == "accepted"


def test_undo_is_neither_offered_nor_taken_when_it_is_too_late(phone, clock):
    order = pages.accepted(phone.world)
    phone.post(url("press", order, "arrive"), key())
    clock.shift(31)
    assert url("undo", order) not in phone.get(url("job", order)).content.decode()
    assert len(phone.post(url("undo", order), key(), follow=True).context["messages"]) == 1
    order.refresh_from_db()
    assert order.state == "in_progress"


# ── late entry ──


def arrived_at(order):
    return Clock.objects.get(order=order, kind="arrive", rule__family="ten_promises").stopped_at


def test_late_entry_by_one_press_counts_from_then(phone):
    order = pages.accepted(phone.world)
    assert phone.post(url("earlier", order), key(ago="10")).url == url("job", order)
    assert arrived_at(order) == NOON + AT - 10 * MIN


def test_late_entry_of_a_time_counts_from_then(phone):
    order = pages.accepted(phone.world)
    phone.post(url("earlier", order), key(ago="other", at="2026-11-20T14:40"))
    assert arrived_at(order).strftime("%M") == "40"


@pytest.mark.parametrize(
    "typed",
    [{}, {"ago": "other"}, {"ago": "other", "at": "soon"}, {"ago": "other", "at": "2026-11-20T23:00"}, {"ago": "30"}],
    ids=["nothing", "no time", "no date", "still to come", "before it was given"],
)
def test_late_entry_that_cannot_be_is_422_and_changes_nothing(phone, typed):
    order = pages.accepted(phone.world)
    assert phone.post(url("earlier", order), key(**typed)).status_code == 422
    order.refresh_from_db()
    assert order.state == "accepted"


# ── done ──


def test_finishing_counts_from_the_press_not_from_the_writing(phone, clock):
    order = pages.on_site(phone.world)
    form = phone.get(url("done", order), {"leaving": ["tried"]}).context["form"]
    clock.shift(180)
    typed = {name: form.initial[name] for name in ("pressed_at",)} | {
        "at": form.initial["at"].strftime("%Y-%m-%dT%H:%M")
    }
    answer = phone.post(url("done", order), key(cause="breaker", result="换了空开", leaving=["tried"], **typed))
    assert answer.url == JOBS
    row = Event.objects.get(order=order, verb="finish")
    assert (row.at, row.data["cause"], row.data["checked"]) == (NOON + AT, "breaker", ["tried"])


def test_ticks_on_the_job_are_ticked_on_the_form(phone):
    order = pages.on_site(phone.world)
    assert 'id="dh-leave"' in phone.get(url("job", order)).content.decode()
    assert phone.get(url("done", order), {"leaving": ["clean"]}).context["form"]["leaving"].value() == ["clean"]


def test_finishing_without_words_is_422_and_keeps_what_was_typed(phone):
    order = pages.on_site(phone.world)
    answer = phone.post(url("done", order), key(cause="breaker", result=""))
    assert answer.status_code == 422
    assert answer.context["form"]["cause"].value() == "breaker"
    order.refresh_from_db()
    assert order.state == "in_progress"


def test_finishing_twice_is_done_once(phone):
    order, typed = pages.on_site(phone.world), key(cause="breaker", result="换了空开")
    for _ in range(2):
        assert phone.post(url("done", order), typed).url == JOBS
    assert Event.objects.filter(order=order, verb="finish").count() == 1


# ── photos ──


def test_photo_is_kept_small_with_its_phase(phone):
    order = pages.on_site(phone.world)
    answer = phone.post(url("photo", order, "before"), key(photo=jpeg()))
    assert answer.url == url("job", order)
    kept = Attachment.objects.get(order=order)
    assert kept.phase == "before"
    assert max(Image.open(kept.file).size) <= 1600
    page = phone.get(url("job", order))
    assert [len(slot.photos) for slot in page.context["page"].slots] == [1, 0, 0]
    assert reverse("workorders:attachment", args=[kept.public_id]) in page.content.decode()


def test_same_photo_sent_twice_is_kept_once(phone):
    order, again = pages.on_site(phone.world), key()
    for _ in range(2):
        phone.post(url("photo", order, "after"), again | {"photo": jpeg()})
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"photo": SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")}])
def test_what_is_no_photo_is_422_in_words(phone, sent):
    answer = phone.post(url("photo", pages.on_site(phone.world), "before"), key(**sent))
    assert answer.status_code == 422
    assert len(answer.context["messages"]) == 1
    assert not Attachment.objects.exists()


def test_paper_is_no_photo_and_the_crew_is_not_asked_for_one(phone):
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.7", "application/pdf")
    answer = phone.post(url("photo", pages.on_site(phone.world), "before"), key(photo=paper))
    assert answer.status_code == 422
    assert "PDF" not in str(next(iter(answer.context["messages"]))).replace("a.pdf", "")
    assert not Attachment.objects.exists()


def test_unknown_phase_is_404(phone):
    assert phone.post(url("photo", pages.on_site(phone.world), "later"), key(photo=jpeg())).status_code == 404


# ── calling ──


def test_number_is_shown_for_a_press_and_the_look_is_on_record(phone):
    order = pages.accepted(phone.world)
    assert "13912342716" not in phone.get(url("job", order)).content.decode().replace(" ", "")
    before = ViewLog.objects.count()
    assert "139 1234 2716" in phone.post(url("call", order)).content.decode()
    assert ViewLog.objects.count() > before


def test_reaching_the_customer_is_written_down(phone):
    order = pages.accepted(phone.world)
    for _ in range(2):
        phone.post(url("spoke", order), {"request_id": "7a0d0a8e-5d0e-4d55-9d4e-0d1f8b1f1b11", "note": "在家等"})
    assert Event.objects.get(order=order, verb="contact").text == "在家等"


def test_door_is_shown_while_there_is_something_to_do_and_logged(phone):
    order = pages.accepted(phone.world)
    assert "302" in phone.get(url("job", order)).content.decode()
    assert ViewLog.objects.filter(actor=phone.world.handler).exists()


# ── the desk's forms on the phone ──


def test_telling_the_customer_late_leads_back_to_the_job(phone):
    order = pages.accepted(phone.world)
    page = phone.get(url("act", order, "tell-late"))
    assert url("act", order, "tell-late") in page.content.decode()
    typed = key(version=order.version, reason="traffic", time="known", new_time="2026-11-20T15:40")
    answer = phone.post(url("act", order, "tell-late"), typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == url("job", order)


def test_sending_it_back_leads_to_the_list(phone):
    order = pages.accepted(phone.world)
    typed = key(version=order.version, reason="wrong_unit")
    assert phone.post(url("act", order, "return"), typed).url == JOBS
    assert phone.post(url("act", pages.accepted(phone.world), "return"), key()).status_code == 422


def test_other_acts_stay_at_the_desk(phone):
    assert phone.get(url("act", pages.accepted(phone.world), "close")).status_code == 404


# ── for whom ──

PRESSED = [("press", "accept"), ("undo",), ("photo", "before"), ("call",), ("spoke",)]
POSTS = [*PRESSED, ("earlier",), ("done",), ("act", "return")]


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path[0])
def test_every_press_is_for_the_crew_that_has_it(client, world, path):
    order = pages.accepted(world)
    target = url(path[0], order, *path[1:])
    assert reverse("staff:login") in client.post(target, key()).url
    client.force_login(world.clerk)  # sees every order, works from a desk
    assert client.post(target, key()).status_code == 403
    client.force_login(world.stranger)
    assert client.post(target, key()).status_code == 404
    order.refresh_from_db()
    assert order.state == "accepted"


@pytest.mark.parametrize("path", PRESSED, ids=lambda path: path[0])
def test_presses_are_not_made_by_following_a_link(phone, path):
    assert phone.get(url(path[0], pages.accepted(phone.world), *path[1:])).status_code == 405


@pytest.mark.parametrize("who", ["clerk", "auditor"])
def test_pages_are_for_crews(client, world, who):
    order = pages.accepted(world)
    client.force_login(getattr(world, who))
    assert client.get(JOBS).status_code == 403
    assert client.get(url("job", order)).status_code == 403
