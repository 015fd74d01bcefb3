"""Telling on paper: the poster as a PDF, and the record of where it hangs."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from customers.models import SupplyPoint
from outages.choices import Kind, State
from outages.models import Outage, Posting
from outages.paper import draw
from outages.poster import poster_of
from outages.selectors.addresses import communities
from outages.services.announcing import cancel
from outages.services.restoring import estimate
from outages.services.shipping import load_shipped_leads
from outages.services.writing import Scope
from tests.outages.test_pages import desk_of, page
from tests.outages.town import HOUR, announced, dark, done, grid, written
from tests.workorders.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    load_shipped_leads()
    return grid()


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=5))


def read(content):
    """The words on each page, without what this reader puts between characters: spaces, halves of two-byte codes."""
    return ["".join(leaf.extract_text().replace("\0", "").split()) for leaf in PdfReader(BytesIO(content)).pages]


def paper_of(outage, now=NOON):
    return read(draw(poster_of(outage, communities(outage), now=now)))


def photo(name="墙.jpg"):
    out = BytesIO()
    picture = Image.new("RGB", (640, 480), "white")
    exif = picture.getexif()
    exif[0x010E] = "桔城路 2 单元 302"
    picture.save(out, format="JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def posting(town, **more):
    return {"request_id": str(uuid4()), "area": town.areas[1].code, "place": "3 栋门口"} | more


class TestPaper:
    def test_words_are_those_of_the_web_with_dates_that_last(self, town):
        text = paper_of(announced(town))[0]
        for words in ("东苑街道一带", "11月28日周六14:32", "电缆坏了", "Sat28Nov,14:32", "95598"):
            assert words in text
        assert "明天" not in "".join(paper_of(announced(town), now=NOON + 7 * timedelta(days=1)))

    def test_lists_buildings_and_neither_doors_nor_people(self, town):
        SupplyPoint.objects.filter(pk=town.points[0].pk).update(address="桔城路 18 号 2 栋 1 单元", door="302")
        text = "".join(paper_of(announced(town)))
        assert "桔城路18号2栋" in text
        assert "果园二路4号" in text
        assert "果园二路5号" not in text  # hangs on the other feeder
        for hidden in ("1单元", "302", "陈0", "1391234", "4200000100", "邓写"):
            assert hidden not in text

    def test_every_font_is_embedded_as_a_subset(self, town):
        reader = PdfReader(BytesIO(draw(poster_of(announced(town), communities(announced(town)), now=NOON))))
        fonts = [font.get_object() for leaf in reader.pages for font in leaf["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            face = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert len(face["/FontFile3"].get_object().get_data()) > 1_000
            assert "+" in face["/FontName"]
            assert "/ToUnicode" in font

    def test_four_hundred_addresses_take_several_pages_and_none_is_lost(self, town):
        SupplyPoint.objects.bulk_create(
            SupplyPoint(customer=town.points[1].customer, transformer=town.boxes[n % 2], address=f"桔城路 {n} 号楼")
            for n in range(1, 401)
        )
        leaves = paper_of(announced(town))
        assert len(leaves) > 2
        assert all(f"桔城路{n}号楼" in "".join(leaves) for n in range(1, 401))
        assert all(f"{n}/{len(leaves)}" in leaf for n, leaf in enumerate(leaves, start=1))

    def test_a_fault_without_a_known_end_says_so(self, town):
        outage = dark(town)
        outage = done(estimate, outage, town.dispatcher, reason="还在找", next_news_at=NOON + HOUR)
        assert "Wedonotknowyetwhenthepowerwillbeback" in paper_of(outage)[0]

    def test_a_late_return_is_said_on_paper_too(self, town):
        assert "wearelate" in paper_of(dark(town), now=NOON + 5 * HOUR)[0]

    def test_markup_in_a_cause_is_words(self, town):
        assert "<b>电缆</b>" in paper_of(announced(town, reason="<b>电缆</b>"))[0]

    def test_buildings_are_counted_as_people_count(self, town):
        for n, point in zip((10, 9, 2), town.points[:3], strict=True):
            SupplyPoint.objects.filter(pk=point.pk).update(address=f"桔城路 {n} 号")
        assert communities(announced(town))[0].buildings == ("桔城路 2 号", "桔城路 9 号", "桔城路 10 号")


class TestAddress:
    def test_pdf_for_whoever_reads_outages(self, town):
        outage = announced(town)
        answer = page(desk_of(town.clerk), "poster", outage.code)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")

    def test_one_area_alone(self, town):
        outage, desk = announced(town), desk_of(town.clerk)
        text = "".join(read(page(desk, "poster", outage.code, area="A-1").content))
        assert "果园二路4号" in text
        assert "果园二路1号" not in text
        assert page(desk, "poster", outage.code, area="A-X").status_code == 404

    def test_a_draft_is_marked_on_every_page(self, town):
        outage = written(town, Kind.PLANNED)
        assert all("Draft:notannouncedyet" in leaf for leaf in paper_of(outage))
        assert "Draft" not in paper_of(announced(town))[0]

    def test_called_off_says_that_the_power_stays(self, town):
        outage = done(cancel, announced(town), town.dispatcher, reason="不停了")
        assert "Calledoff:thepowerstayson" in paper_of(outage)[0]

    def test_one_customers_own_matter_has_no_poster(self, town):
        own = written(town, Kind.ARREARS, scope=Scope(supply_points=frozenset({town.points[0].pk})))
        Outage.objects.filter(pk=own.pk).update(state=State.UNDER_WAY, began_at=NOON)
        assert page(desk_of(town.lead), "poster", own.code).status_code == 404

    def test_strangers_to_the_house_are_sent_to_the_login(self, town):
        assert page(Client(), "poster", announced(town).code).status_code == 302


class TestPosting:
    def url(self, outage):
        return reverse("outages:post_up", args=[outage.code])

    def test_recorded_with_a_photo_that_carries_nothing_else(self, town):
        outage, desk = announced(town), desk_of(town.handler)
        answer = desk.post(self.url(outage), posting(town, photo=photo()), follow=True)
        row = Posting.objects.get()
        assert (row.place, row.actor, row.area) == ("3 栋门口", town.handler, town.areas[1])
        assert "posted in 1 of 2 areas" in answer.text
        assert "3 栋门口" in answer.text
        shown = page(desk, "posting_photo", outage.code, row.public_id)
        content = b"".join(shown.streaming_content)
        assert shown.headers["Content-Type"] == "image/jpeg"
        assert not Image.open(BytesIO(content)).getexif()

    def test_same_request_twice_is_one_posting_and_one_file(self, town, media):
        outage, desk, data = announced(town), desk_of(town.clerk), posting(town)
        for _ in range(2):
            assert desk.post(self.url(outage), data | {"photo": photo()}).status_code == 302
        assert Posting.objects.count() == 1
        assert len([path for path in media.rglob("*") if path.is_file()]) == 1

    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(self, town, media):
        outage, desk = announced(town), desk_of(town.clerk)
        wrong = {
            "place": posting(town, place="  "),
            "area": posting(town, area="A-D"),
            "at": posting(town, at="2026-12-01T08:00"),
            "photo": posting(town, photo=SimpleUploadedFile("墙.jpg", b"no picture")),
        }
        for name, data in wrong.items():
            answer = desk.post(self.url(outage), data)
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
        assert "3 栋门口" in answer.text
        assert not Posting.objects.exists()
        assert not [path for path in media.rglob("*") if path.is_file()]

    def test_agents_read_and_do_not_put_posters_up(self, town):
        outage = announced(town)
        assert desk_of(town.agent).post(self.url(outage), posting(town)).status_code == 403
        assert Client().post(self.url(outage), posting(town)).status_code == 302
        assert not Posting.objects.exists()

    def test_nothing_hangs_before_people_are_told(self, town):
        assert desk_of(town.clerk).get(self.url(written(town, Kind.PLANNED))).status_code == 403

    def test_photo_of_another_outage_is_not_there(self, town):
        outage, other, desk = announced(town), announced(town), desk_of(town.clerk)
        desk.post(self.url(outage), posting(town, photo=photo()))
        row = Posting.objects.get()
        assert page(desk, "posting_photo", other.code, row.public_id).status_code == 404
        assert page(Client(), "posting_photo", outage.code, row.public_id).status_code == 302

    def test_two_walls_of_one_area_cover_one_area(self, town):
        outage, desk = announced(town), desk_of(town.clerk)
        for place in ("3 栋门口", "物业公告栏"):
            desk.post(self.url(outage), posting(town, place=place))
        assert "posted in 1 of 2 areas" in page(desk, "detail", outage.code).text
