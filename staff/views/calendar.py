"""The work calendar: a year to read, a day and a year to change."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from common.access import require
from common.calendars import CompanyCalendar, company_calendar, day_edit
from common.choices import YearStatus
from common.errors import Refusal
from common.services.calendar import load_workdays, preview_workdays, save_day
from common.workdays import plan_year, write_year
from staff.calendar_page import changed_runs, year_page
from staff.forms.calendar import ConfirmYearForm, DayForm, YearForm
from staff.policies import can_edit_calendar


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A year, twelve months; ``?year=`` another one, ``?day=`` one day in full."""
    known = company_calendar()
    chosen = _chosen_day(request.GET.get("day", ""), known)
    return _page(request, known, year=chosen.year if chosen else _wanted_year(request, known), chosen=chosen)


@require_POST
def calendar_day(request: HttpRequest, day: date) -> HttpResponse:
    """Change one day."""
    require(can_edit_calendar(request.user))
    known = company_calendar()
    if day not in known.days:
        raise Http404
    form = DayForm(request.POST, ordinary=known.ordinary_hours(day.year))
    if form.is_valid():
        data = form.cleaned_data
        try:
            change = save_day(
                day=day,
                kind=data["kind"],
                spells=data["spells"],
                note=data["note"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _say(request, change.effects, _("Saved."))
            return redirect(f"{reverse('staff:calendar')}?day={day}#dh-day")
    return _page(request, known, year=day.year, chosen=day, day_form=form, status=422)


@require_POST
def calendar_load(request: HttpRequest) -> HttpResponse:
    """Load a year: the first post shows what would change, the second one loads it."""
    require(can_edit_calendar(request.user))
    confirmed = "confirmed" in request.POST
    form = ConfirmYearForm(request.POST) if confirmed else YearForm(request.POST, request.FILES)
    if form.is_valid():
        data = {key: form.cleaned_data[key] for key in ("year", "rows", "status")}
        try:
            if not confirmed:
                return _preview(request, data, form.cleaned_data["source"])
            change = load_workdays(**data, source=form.cleaned_data["source"], actor=request.user, now=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = ngettext(
                "%(year)d loaded, %(n)d day changed.", "%(year)d loaded, %(n)d days changed.", len(change.days)
            )
            _say(request, change.effects, done % {"year": change.year, "n": len(change.days)})
            return redirect(f"{reverse('staff:calendar')}?year={change.year}")
    return _page(request, company_calendar(), year=None, year_form=form, status=422)


@require_safe
def calendar_file(request: HttpRequest, year: int) -> HttpResponse:
    """A loaded year as the file that would load it: to keep, or to begin the next one with."""
    known = company_calendar()
    if year not in known.years:
        raise Http404
    plans = (plan for day, plan in known.days.items() if day.year == year)
    content = "\ufeff" + write_year(plans, known.ordinary_hours(year))  # the mark tells spreadsheets it is UTF-8
    headers = {"Content-Disposition": f'attachment; filename="workdays_{year}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _preview(request: HttpRequest, data: dict[str, Any], source: str) -> HttpResponse:
    """What the file would change; the file goes on as text inside the page."""
    change = preview_workdays(**data, now=request.now)
    plan = plan_year(data["year"], data["rows"])
    planned = company_calendar().with_year(data["year"], data["status"], plan)
    content = write_year(plan.values(), planned.ordinary_hours(data["year"]))
    form = ConfirmYearForm(initial={"year": data["year"], "status": data["status"], "source": source, "file": content})
    context = {
        "change": change,
        "runs": changed_runs(dict(change.before), dict(change.after)),
        "form": form,
        "source": source,
        "status": YearStatus(data["status"]).label,
        "old_status": YearStatus(change.old_status).label if change.old_status else "",
        "menu_at": "staff:settings",
    }
    return render(request, "staff/calendar_preview.html", context)


def _page(
    request: HttpRequest,
    known: CompanyCalendar,
    *,
    year: int | None,
    chosen: date | None = None,
    day_form: DayForm | None = None,
    year_form: YearForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localtime(request.now).date()
    page = year_page(known, year or _wanted_year(request, known), today=today, chosen=chosen)
    may_edit = bool(can_edit_calendar(request.user))
    if may_edit and page.chosen and day_form is None:
        day_form = DayForm(ordinary=known.ordinary_hours(page.year), plan=page.chosen.plan)
    if may_edit and year_form is None:
        next_year = known.published_until.year + 1
        year_form = YearForm(initial={"year": next_year, "status": YearStatus.PUBLISHED})
    context = {
        "page": page,
        "known": known,
        "days_ahead": known.published_days_ahead(today),
        "running_out": may_edit and known.is_running_out(today),
        "edit": day_edit(chosen) if chosen else None,
        "may_edit": may_edit,
        "day_form": day_form,
        "year_form": year_form,
        "menu_at": "staff:settings",
    }
    return render(request, "staff/calendar.html", context, status=status)


def _wanted_year(request: HttpRequest, known: CompanyCalendar) -> int:
    """The year asked for, else this one, as far as it is loaded."""
    wished = request.GET.get("year", "")
    if wished.isdecimal() and int(wished) in known.years:
        return int(wished)
    if wished:
        raise Http404
    return min(max(timezone.localtime(request.now).year, known.first_day.year), known.last_day.year)


def _chosen_day(text: str, known: CompanyCalendar) -> date | None:
    """The day asked for; a day that is no day or not loaded has no page."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404
    if day not in known.days:
        raise Http404
    return day


def _say(request: HttpRequest, effects: tuple[str, ...], done: str) -> None:
    """Say it is done, and what those above answered (they may answer with a link)."""
    messages.success(request, format_html_join(" ", "{}", [(part,) for part in (done, *effects)]))
