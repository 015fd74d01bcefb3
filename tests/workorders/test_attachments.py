"""Files on orders: judged by content, made harmless, kept behind the order's own door."""

from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from common.access import Denied
from common.errors import Refusal
from tests.workorders import pages
from tests.workorders.pages import act_url, desk_of, page
from tests.workorders.world import NOON
from workorders.models import Attachment, Event
from workorders.services import attachments
from workorders.services.attachments import attach
from workorders.uploads import clean_name, prepare

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afternoon(freeze):
    return freeze("2026-11-20 14:52:10")


def picture(size=(2400, 1200), mode="RGB", format="JPEG", name="表箱.jpg", **saved) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new(mode, size, "orange" if mode == "RGB" else (255, 0, 0, 0)).save(out, format=format, **saved)
    return SimpleUploadedFile(name, out.getvalue())


def with_exif() -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Spy camera"
    return picture(size=(400, 200), exif=exif)


def pdf(name="合同.pdf", content=b"%PDF-1.7\n1 0 obj\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(order, *uploads, actor, **own):
    return attach(code=order.code, actor=actor, now=NOON, request_id=uuid4(), uploads=uploads, **own)


def stored(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


# ── what is in a file decides ───────────────────────────────────────────


def test_photo_is_made_small_and_written_anew():
    ready = prepare(picture())
    with Image.open(BytesIO(ready.content)) as image:
        assert (ready.content_type, image.format, image.size) == ("image/jpeg", "JPEG", (1600, 800))


def test_photo_loses_everything_but_its_pixels_and_stands_upright():
    ready = prepare(with_exif())
    with Image.open(BytesIO(ready.content)) as image:
        assert image.size == (200, 400)
        assert not dict(image.getexif())
    assert b"Spy" not in ready.content


def test_transparent_picture_becomes_webp_on_white():
    ready = prepare(picture(size=(40, 40), mode="RGBA", format="PNG", name="截图.png"))
    with Image.open(BytesIO(ready.content)) as image:
        assert (ready.content_type, image.convert("RGB").getpixel((20, 20))) == ("image/webp", (255, 255, 255))


def test_pdf_is_kept_as_it_is():
    assert prepare(pdf()).content == b"%PDF-1.7\n1 0 obj\n"


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>", content_type="image/jpeg"),
        SimpleUploadedFile("photo.jpg", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", content_type="image/jpeg"),
        SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        SimpleUploadedFile("half.jpg", picture().read()[:500]),
        SimpleUploadedFile("half.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
        pdf(content=b"not %PDF-"),
    ],
    ids=["script", "gif", "svg", "cut off", "broken", "no pdf"],
)
def test_what_is_no_picture_and_no_paper_is_refused_whatever_its_name(upload):
    with pytest.raises(Refusal) as refusal:
        prepare(upload)
    assert refusal.value.field == "files"


def test_limits_of_size_pixels_and_types_are_settings(settings):
    settings.ATTACHMENT_MAX_BYTES = 100
    with pytest.raises(Refusal):
        prepare(pdf(content=b"%PDF-" + b"x" * 96))
    settings.ATTACHMENT_MAX_BYTES = 8_000_000
    settings.ATTACHMENT_MAX_PIXELS = 2400 * 1200 - 1
    with pytest.raises(Refusal):
        prepare(picture())
    settings.ATTACHMENT_TYPES = ["image/jpeg"]
    with pytest.raises(Refusal):
        prepare(pdf())


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../x", "x"), ("..\\..\\x.jpg", "x.jpg"), ("a\x00b\n.jpg", "ab.jpg"), ("…/" * 90 + "长" * 200, "长" * 120)],
)
def test_name_is_for_people_and_never_a_path(given, kept):
    assert clean_name(given) == kept


# ── on an order ─────────────────────────────────────────────────────────


def test_files_come_as_one_row_of_the_timeline(world, media):
    order = pages.accepted(world)
    add(order, picture(), pdf(), actor=world.handler, phase="before", text="表前线烧了")
    event = Event.objects.get(order=order, verb="note")
    assert (event.text, [f["name"] for f in event.data["attachments"]]) == ("表前线烧了", ["表箱.jpg", "合同.pdf"])
    assert [a.phase for a in order.attachments.all()] == ["before", "before"]
    assert len(stored(media)) == 2


def test_hostile_name_stays_inside_the_media_folder(world, media):
    order = pages.accepted(world)
    upload = picture(size=(10, 10))
    upload._name = "../../x"  # past Django's own cleaning
    add(order, upload, actor=world.handler)
    (path,) = stored(media)
    assert path.relative_to(media).parts[0] == "attachments"
    assert path.name == str(order.attachments.get().public_id)


def test_same_request_twice_keeps_one_file(world, media):
    order, request_id = pages.accepted(world), uuid4()
    for _ in range(2):
        attach(code=order.code, actor=world.handler, now=NOON, request_id=request_id, uploads=[picture()])
    assert (order.attachments.count(), len(stored(media))) == (1, 1)


def test_same_request_twice_at_once_leaves_no_file_behind(world, media, monkeypatch):
    order, request_id = pages.accepted(world), uuid4()
    attach(code=order.code, actor=world.handler, now=NOON, request_id=request_id, uploads=[picture()])
    monkeypatch.setattr(attachments, "was_done", lambda *_: False)  # the other one has not committed yet
    attach(code=order.code, actor=world.handler, now=NOON, request_id=request_id, uploads=[picture()])
    assert (order.attachments.count(), len(stored(media))) == (1, 1)


def test_one_bad_file_among_good_ones_keeps_none(world, media):
    order = pages.accepted(world)
    with pytest.raises(Refusal):
        add(order, picture(), SimpleUploadedFile("x.jpg", b"no"), actor=world.handler)
    assert (order.attachments.count(), stored(media)) == (0, [])


def test_too_many_files_are_refused_and_none_is_kept(world, media, settings):
    settings.ATTACHMENT_MAX_COUNT = 2
    order = pages.accepted(world)
    add(order, pdf(), actor=world.handler)
    with pytest.raises(Refusal):
        add(order, pdf(), pdf(), actor=world.handler)
    assert (order.attachments.count(), len(stored(media))) == (1, 1)


def test_reader_adds_no_files(world, media):
    with pytest.raises(Denied):
        add(pages.accepted(world), pdf(), actor=world.auditor)
    assert stored(media) == []


# ── by HTTP ─────────────────────────────────────────────────────────────


def upload_by(member, order, *files, **typed):
    return desk_of(member).post(act_url(order, "note"), {"files": list(files), "request_id": str(uuid4())} | typed)


def test_upload_from_the_order_page_shows_on_it(world):
    order = pages.accepted(world)
    assert upload_by(world.handler, order, picture(), phase="after").status_code == 302
    body = desk_of(world.handler).get(page(order)).content.decode()
    assert reverse("workorders:attachment", args=[order.attachments.get().public_id]) in body


def test_refused_upload_keeps_the_line_that_was_written(world):
    order = pages.accepted(world)
    answer = upload_by(world.handler, order, SimpleUploadedFile("x.jpg", b"no"), text="表前线烧了")
    assert answer.status_code == 422
    form = answer.context["form"]
    assert (list(form.errors), form["text"].data) == (["files"], "表前线烧了")


def address(order, **own) -> str:
    add(order, own.pop("upload", None) or picture(), **own)
    return reverse("workorders:attachment", args=[Attachment.objects.latest("pk").public_id])


def test_picture_is_shown_and_can_do_nothing(world):
    answer = desk_of(world.clerk).get(address(pages.accepted(world), actor=world.handler))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("inline")


def test_paper_is_only_downloaded(world):
    answer = desk_of(world.clerk).get(address(pages.accepted(world), actor=world.handler, upload=pdf()))
    assert answer["Content-Disposition"].startswith("attachment")


def test_file_is_for_those_who_see_its_order(world):
    url = address(pages.accepted(world), actor=world.handler)
    assert desk_of(world.stranger).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    assert desk_of(world.clerk).post(url).status_code == 405
    assert desk_of(world.clerk).get(reverse("workorders:attachment", args=[uuid4()])).status_code == 404


def test_file_of_a_tip_off_is_for_the_unit_that_handles_it(world):
    order = pages.received(world, kind="tip_off", situation="", description="绕表用电", actor=world.agent)
    url = address(order, actor=world.lead)
    assert desk_of(world.clerk).get(url).status_code == 403
    assert desk_of(world.lead).get(url).status_code == 200
    assert url not in desk_of(world.clerk).get(page(order)).content.decode()
