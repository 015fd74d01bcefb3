"""The page of the work calendar: everybody reads it, administrators of the company change it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from common.calendars import company_calendar
from common.models import WorkDay, WorkYear
from common.signals import calendar_changed, calendar_preview
from common.workdays import plan_year, read_year, shipped_years, write_year
from staff.calendar_page import runs, span_words, year_page
from staff.choices import AuditAct, Role
from staff.models import AuditEntry
from tests.staff import factories

pytestmark = pytest.mark.django_db
PAGE = "/settings/calendar/"
NOTICE = "day,kind,spells,note\n2027-01-01,holiday,,元旦\n2027-01-02,holiday,,元旦\n2027-01-10,makeup,,元旦\n"


@pytest.fixture(autouse=True)
def here(freeze, settings):
    """Friday 2026-11-20, English; nobody asks for a second factor."""
    freeze("2026-11-20 14:32")
    settings.REQUIRE_TOTP = False
    with translation.override("en"):
        yield


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def as_clerk(client, town):
    client.force_login(factories.member(unit=town.county, roles=[Role.CLERK]))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def as_county_admin(client, town):
    client.force_login(factories.member(unit=town.county, roles=[Role.ADMINISTRATOR]))
    return client


def body(response):
    return response.content.decode()


def upload(text=NOTICE, name="2027.csv"):
    return SimpleUploadedFile(name, text.encode())


def first_post(client, **fields):
    data = {"year": 2027, "file": upload(), "source": "国办发明电〔2026〕7号", "status": "published"} | fields
    return client.post(f"{PAGE}load/", data)


# ── reading ─────────────────────────────────────────────────────────────


def test_anonymous_is_sent_to_the_login(client):
    assert client.get(PAGE).status_code == 302


def test_every_member_reads_this_year_with_holidays_and_makeup_days_named(as_clerk):
    response = as_clerk.get(PAGE)
    assert response.status_code == 200
    page = response.context["page"]
    assert (page.year, page.working_days, page.is_provisional) == (2026, 248, False)
    festivals = {festival.name: (festival.span, festival.days, festival.makeup) for festival in page.festivals}
    assert festivals["Spring Festival"] == ("15–23 Feb", 9, "Sat 14 Feb, Sat 28 Feb")
    assert festivals["National Day"] == ("1–7 Oct", 7, "Sun 20 Sep, Sat 10 Oct")
    assert len(page.months) == 12
    assert "Sat 10 Oct, Make-up workday, National Day" in body(response)


def test_clerk_sees_no_form_and_no_warning(as_clerk):
    text = body(as_clerk.get(f"{PAGE}?day=2026-10-10"))
    assert "Save the day" not in text
    assert "Load a year" not in text
    assert "more days" not in text


def test_administrator_sees_how_many_published_days_are_left(as_admin):
    text = body(as_admin.get(PAGE))
    assert "Published for 41 more days." in text
    assert "Load 2027 when the notice is out" in text


def test_provisional_year_is_marked(as_clerk):
    assert "2027 is provisional." in body(as_clerk.get(f"{PAGE}?year=2027"))
    assert "is provisional" not in body(as_clerk.get(f"{PAGE}?year=2026"))


@pytest.mark.parametrize("query", ["year=1999", "year=x", "day=2031-01-01", "day=2026-02-30", "day=soon"])
def test_year_or_day_that_is_not_loaded_is_not_found(as_clerk, query):
    assert as_clerk.get(f"{PAGE}?{query}").status_code == 404


def test_page_costs_few_queries(as_admin, django_assert_max_num_queries):
    as_admin.get(PAGE)
    with django_assert_max_num_queries(16):
        as_admin.get(f"{PAGE}?day=2026-10-10")


def test_year_comes_as_a_file_that_loads_the_same_year(as_clerk):
    for year in (2026, 2027):
        response = as_clerk.get(f"{PAGE}{year}.csv")
        assert response["Content-Disposition"] == f'attachment; filename="workdays_{year}.csv"'
        plan = plan_year(year, read_year(SimpleUploadedFile("again.csv", response.content)))
        assert plan == {day: p for day, p in company_calendar().days.items() if day.year == year}
    assert as_clerk.get(f"{PAGE}1999.csv").status_code == 404


def test_shipped_files_are_written_as_they_are_read():
    for shipped in shipped_years():
        plan = plan_year(shipped.year, shipped.rows())
        written = write_year(plan.values(), company_calendar().ordinary_hours(shipped.year))
        assert written == shipped.path.read_text(encoding="utf-8")


# ── changing a day ──────────────────────────────────────────────────────


def test_administrator_changes_a_day(as_admin, admin):
    data = {"kind": "special", "hours": "09:00-12:00", "note": "线路检修"}
    response = as_admin.post(f"{PAGE}2026-11-28/", data)
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}?day=2026-11-28#dh-day"
    row = WorkDay.objects.get(day=date(2026, 11, 28))
    assert (row.kind, row.spells, row.note, row.edited_by) == ("special", [["09:00", "12:00"]], "线路检修", str(admin))
    text = body(as_admin.get(response["Location"]))
    assert "9:00–12:00" in text
    assert str(admin) in text


def test_day_off_forgets_the_hours_in_the_field(as_admin):
    as_admin.post(f"{PAGE}2026-11-27/", {"kind": "holiday", "hours": "08:00-12:00 14:00-18:00", "note": ""})
    assert WorkDay.objects.get(day=date(2026, 11, 27)).spells == []


def test_working_day_without_hours_gets_the_ordinary_ones(as_admin):
    as_admin.post(f"{PAGE}2026-11-28/", {"kind": "makeup", "hours": "", "note": ""})
    assert WorkDay.objects.get(day=date(2026, 11, 28)).spells == [["08:00", "12:00"], ["14:00", "18:00"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "special", "hours": "9 to 12"}, "is no span of time"),
        ({"kind": "special", "hours": "12:00-14:00 13:00-15:00"}, "must follow one another"),
        ({"kind": "makeup", "hours": ""}, "no Saturday or Sunday"),
        ({"kind": "feast", "hours": ""}, "feast"),
        ({"kind": "holiday", "note": "=1+1"}, "cannot begin with"),
    ],
)
def test_day_that_cannot_be_is_refused_with_what_was_typed(as_admin, data, words):
    response = as_admin.post(f"{PAGE}2026-11-27/", {"hours": "", "note": "记着"} | data)
    assert response.status_code == 422
    assert words in body(response)
    assert data.get("note", "记着") in body(response)
    assert WorkDay.objects.get(day=date(2026, 11, 27)).kind == "workday"


def test_only_administrators_of_the_company_change_the_calendar(as_clerk):
    assert as_clerk.post(f"{PAGE}2026-11-27/", {"kind": "holiday"}).status_code == 403
    assert first_post(as_clerk).status_code == 403


def test_administrator_of_a_county_does_not_change_the_companys_calendar(as_county_admin):
    assert as_county_admin.post(f"{PAGE}2026-11-27/", {"kind": "holiday"}).status_code == 403
    assert "Save the day" not in body(as_county_admin.get(f"{PAGE}?day=2026-11-27"))


def test_acts_answer_only_to_post(as_admin):
    assert as_admin.get(f"{PAGE}2026-11-27/").status_code == 405
    assert as_admin.get(f"{PAGE}load/").status_code == 405
    assert as_admin.post(PAGE).status_code == 405


@pytest.mark.parametrize("day", ["2031-01-01", "2026-02-30"])
def test_day_that_is_not_loaded_cannot_be_changed(as_admin, day):
    assert as_admin.post(f"{PAGE}{day}/", {"kind": "holiday"}).status_code == 404


# ── loading a year ──────────────────────────────────────────────────────


def confirm(client, response, **fields):
    initial = response.context["form"].initial
    return client.post(f"{PAGE}load/", {**initial, "confirmed": "1", **fields})


def test_first_post_shows_what_would_change_and_second_loads_it(as_admin, admin):
    looked = first_post(as_admin)
    assert looked.status_code == 200
    assert WorkYear.objects.get(year=2027).status == "provisional"
    assert "Provisional → Published" in body(looked)
    told = {run.span: (run.before, run.after, run.moves) for run in looked.context["runs"]}
    assert told["Sun 10 Jan"] == ("Weekend", "Make-up workday · New Year · 08:00–12:00 14:00–18:00", True)
    ordinary = "Working day · 08:00–12:00 14:00–18:00"
    assert told["9–10 Feb"] == ("Holiday · Spring Festival, in lieu", ordinary, True)
    assert told["6–7 Feb"] == ("Holiday · Spring Festival", "Weekend", False)
    loaded = confirm(as_admin, looked)
    assert loaded["Location"] == f"{PAGE}?year=2027"
    year = WorkYear.objects.get(year=2027)
    assert (year.status, year.source, year.loaded_by) == ("published", "国办发明电〔2026〕7号", str(admin))
    assert company_calendar().published_until == date(2027, 12, 31)
    assert "2027 loaded" in body(as_admin.get(loaded["Location"]))


def test_changes_stand_in_the_audit(as_admin, admin, town):
    as_admin.post(f"{PAGE}2026-11-28/", {"kind": "special", "hours": "09:00-12:00", "note": "检修"})
    confirm(as_admin, first_post(as_admin))
    loaded, edited = AuditEntry.objects.filter(act__startswith="calendar").order_by("-id")
    assert (edited.act, edited.actor, edited.unit) == (AuditAct.CALENDAR_EDITED, admin, town.top)
    assert edited.before == {"2026-11-28": "restday"}
    assert edited.after == {"2026-11-28": "special 09:00-12:00 检修"}
    assert loaded.act == AuditAct.CALENDAR_LOADED
    assert (loaded.before["status"], loaded.after["status"]) == ("provisional", "published")
    assert (loaded.after["year"], loaded.after["days"]) == (2027, 20)


def test_effects_on_promises_are_told_before_and_after(as_admin):
    def before(**_kwargs):
        return "3 promises would move."

    def after(**_kwargs):
        return "3 promises moved."

    calendar_preview.connect(before)
    calendar_changed.connect(after)
    try:
        looked = first_post(as_admin)
        assert "3 promises would move." in body(looked)
        assert "3 promises moved." in body(as_admin.get(confirm(as_admin, looked)["Location"]))
    finally:
        calendar_preview.disconnect(before)
        calendar_changed.disconnect(after)


def test_file_that_changes_nothing_offers_nothing_to_load(as_admin):
    shipped = next(item for item in shipped_years() if item.year == 2026)
    looked = first_post(as_admin, year=2026, file=upload(shipped.path.read_text(encoding="utf-8")))
    assert "nothing to load" in body(looked)
    assert not looked.context["change"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"file": ""}, "This field is required"),
        ({"file": upload("day,kind,spells,note\n2027-02-30,holiday,,\n")}, "Row 2: “2027-02-30” is no date"),
        ({"file": upload("a,b\n1,2\n")}, "lacks the columns"),
        ({"file": upload("x" * 200_001)}, "this one is not"),
        ({"file": upload(name="2027.exe")}, "exe"),
        ({"year": 2030, "file": upload("day,kind,spells,note\n")}, "Load 2028 first"),
        ({"year": 2026, "status": "provisional", "file": upload("day,kind,spells,note\n")}, "cannot replace"),
        ({"source": ""}, "This field is required"),
    ],
)
def test_file_that_cannot_be_is_refused_with_what_was_typed(as_admin, fields, words):
    response = first_post(as_admin, **fields)
    assert response.status_code == 422
    assert words in body(response)
    assert ("国办发明电" in body(response)) is ("source" not in fields)


def test_confirmation_is_checked_again(as_admin):
    looked = first_post(as_admin)
    assert confirm(as_admin, looked, file="day,kind,spells,note\n2027-02-30,holiday,,\n").status_code == 422
    assert WorkYear.objects.get(year=2027).status == "provisional"


# ── words ───────────────────────────────────────────────────────────────


def test_days_in_a_row_become_spans():
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5)]
    assert runs(days) == [(date(2026, 9, 30), date(2026, 10, 2)), (date(2026, 10, 5), date(2026, 10, 5))]
    assert [span_words(*run) for run in runs(days)] == ["30 Sep – 2 Oct", "Mon 5 Oct"]


def test_every_day_of_a_year_has_its_square():
    page = year_page(company_calendar(), 2024, today=date(2024, 2, 29))
    cells = [cell for month in page.months for week in month.weeks for cell in week if cell]
    assert len(cells) == 366
    assert [cell.day for cell in cells if cell.is_today] == [date(2024, 2, 29)]
    assert all(week[0] is None or week[0].day.weekday() == 0 for month in page.months for week in month.weeks)


def test_now_is_a_moment_in_the_companys_zone(as_clerk):
    at = datetime(2026, 11, 20, 14, 32, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert as_clerk.get(PAGE).context["now"] == at
