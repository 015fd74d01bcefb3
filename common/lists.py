"""The list page of the house: filters in the URL, pages by place, capped count, export.

    MEMBERS = ListSpec(
        name="staff.members",
        template="staff/members/list.html",      # extends a face; draws the frame of the list
        rows="staff/members/_rows.html",         # draws {% for member in list.rows %}: page and htmx part alike
        order=("pinyin", "id"),                  # an index serves it; the last key is unique
        filterset=MemberFilter,
        columns=(Column(_("Staff number"), "staff_no"), Column(_("Name"), "name")),
        may_export=can_export_people,
    )

    @require_http_methods(["GET", "HEAD", "POST"])  # POST is the export
    def members(request):
        return list_page(request, visible_members(request.user), MEMBERS, {"tab": "all"})

The template puts the rows into an element with ``id="dh-rows"`` and the parts around it::

    {% include "parts/list_filters.html" %}
    <table class="dh-l dh-stack"><thead>…</thead><tbody id="dh-rows">{% include list.spec.rows %}</tbody></table>
    {% include "parts/list_more.html" %}

“50 more” is a link to the rows behind the last one; with htmx they are added below and the address is changed so that
reload and the browser's back button show the same rows again (``n``), up to ``MOST_SHOWN`` of them. ``list.groups``
cuts the rows by ``group(row, now)``. One query for a page (two at a seam of NULLs), one for the count if it is drawn.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from common.access import ALLOW, Decision, require
from common.errors import Refusal
from common.exports import Column, ExportNote, export
from common.forms import posted
from common.keyset import Keyset
from common.templatetags.dh import PAGING

PER_PAGE = 50
MOST_SHOWN = 500  # rows in one page of a browser; behind them a new page begins
MOST_COUNTED = 1000


@dataclass(frozen=True, kw_only=True)
class ListSpec:
    """What a list is: see the module's example. Without ``columns`` it has no export."""

    name: str
    template: str
    rows: str
    order: tuple[str, ...]
    filterset: type[FilterSet] | None = None
    columns: tuple[Column, ...] = ()
    may_export: Callable[[Any], Decision] = lambda actor: ALLOW
    group: Callable[[Any, datetime], str] | None = None
    prepare: Callable[[list[Any]], Any] | None = None  # fills in, at one go, what the rows of a page need
    per_page: int = PER_PAGE
    at_first: int = PER_PAGE  # rows before anybody asks for more


@dataclass(frozen=True)
class Group:
    """Rows that stand together; ``is_continued`` when their heading is on the page already."""

    label: str
    rows: list[Any]
    is_continued: bool


class ExportForm(forms.Form):
    """What the file is for; kept in the log."""

    purpose = forms.CharField(
        label=_("What for"), min_length=4, max_length=200, help_text=_("Kept in the audit with your name and the rows")
    )


class ListPage:
    """One page of a list, for the template as ``list``."""

    def __init__(self, request: HttpRequest, queryset: QuerySet, spec: ListSpec) -> None:
        self.request = request
        self.now: datetime = request.now  # type: ignore[attr-defined]  # set by InstantMiddleware
        self.spec = spec
        self.filters = spec.filterset(request.GET, queryset=queryset, request=request) if spec.filterset else None
        self.queryset = self.filters.qs if self.filters else queryset
        self.keyset = Keyset(self.queryset, spec.order)
        self.start = request.GET.get("after", "")
        self.is_part = "part" in request.GET and request.headers.get("HX-Request") == "true"
        self.shown = self._shown()  # rows on the page when this answer is in place

    @cached_property
    def _fetched(self) -> list[Any]:
        if self.is_part:
            rows = self.keyset.page(after=self.request.GET["part"], limit=self.spec.per_page + 1)
        else:
            rows = self.keyset.page(after=self.start, limit=self.shown + 1)
        if self.spec.prepare:
            self.spec.prepare(rows)
        return rows

    @property
    def rows(self) -> list[Any]:
        """The rows of this answer."""
        return self._fetched[: self.spec.per_page if self.is_part else self.shown]

    @property
    def has_more(self) -> bool:
        """Whether there are rows behind these."""
        return len(self._fetched) > len(self.rows)

    @property
    def groups(self) -> Iterator[Group]:
        """The rows under headings, in their order; needs ``spec.group``."""
        above = self.request.GET.get("group") if self.is_part else None
        for label, rows in groupby(self.rows, self._group_of):
            yield Group(label, list(rows), label == above)

    @cached_property
    def count(self) -> int:
        """How many rows fit, counted up to one more than ``MOST_COUNTED``."""
        return self.queryset.order_by()[: MOST_COUNTED + 1].count()

    @property
    def count_words(self) -> str:
        """“87”, “1,000+”."""
        return f"{MOST_COUNTED:,}+" if self.count > MOST_COUNTED else f"{self.count:,}"

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set, so that an empty list can offer to lift them."""
        return self.filters is not None and any(bound.data for bound in self.filters.form)

    @property
    def url(self) -> str:
        """The address of the list as it is filtered, from its start."""
        return self._address()

    @cached_property
    def here_url(self) -> str:
        """The address that shows the same rows again."""
        return self._address(after=self.start, n=self.shown if self.shown != self._unasked else "")

    @property
    def next_url(self) -> str:
        """A new page that begins behind the last row."""
        return self._address(after=self.keyset.cursor(self.rows[-1]))

    @property
    def part_url(self) -> str:
        """The rows behind the last one as a part; empty when the page has grown long enough."""
        if self.shown + self.spec.per_page > MOST_SHOWN:
            return ""
        last = self.rows[-1]
        shown = self.shown + self.spec.per_page
        return self._address(after=self.start, n=shown, part=self.keyset.cursor(last), group=self._group_of(last))

    @property
    def export_url(self) -> str:
        """The page that asks what the file is for; empty when this person may not export the list."""
        may = bool(self.spec.columns) and bool(self.spec.may_export(self.request.user))
        return self._address(export=1) if may else ""

    def _group_of(self, row: Any) -> str:
        return str(self.spec.group(row, self.now)) if self.spec.group else ""

    @property
    def _unasked(self) -> int:
        """How many rows the page has of itself; whoever came behind other rows has asked for a pageful."""
        return self.spec.per_page if self.start else min(self.spec.at_first, self.spec.per_page)

    def _shown(self) -> int:
        try:
            wished = int(self.request.GET.get("n", ""))
        except ValueError:
            wished = self._unasked
        return min(max(wished, self._unasked), MOST_SHOWN)

    def _address(self, **paging: Any) -> str:
        query = self.request.GET.copy()
        for name in PAGING:
            query.pop(name, None)
        for name in [name for name, value in query.items() if not value]:
            del query[name]
        query.update({name: str(value) for name, value in paging.items() if value})
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path


def list_page(
    request: HttpRequest, queryset: QuerySet, spec: ListSpec, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer with the page, its next rows for htmx, or its export; ``queryset`` is what the person may see."""
    page = ListPage(request, queryset, spec)
    context = {**(context or {}), "list": page}
    if request.method == "POST" or "export" in request.GET:
        return _export_page(request, page, context)
    if not page.is_part:
        response = render(request, spec.template, context)
        if request.headers.get("HX-Target") == "dh-list":  # the filters ask: without those that are empty
            response.headers["HX-Push-Url"] = page.here_url
        return response
    response = render(request, "parts/list_part.html", context)
    response.headers["HX-Replace-Url"] = page.here_url
    return response


def _export_page(request: HttpRequest, page: ListPage, context: dict[str, Any]) -> Any:
    """Ask what for; then give the file, which is a stream and no page."""
    if not page.spec.columns:
        raise Http404
    require(page.spec.may_export(request.user))
    form = ExportForm(posted(request))
    if form.is_valid():
        filters = {name: values for name, values in request.GET.lists() if name not in PAGING and any(values)}
        note = ExportNote(page.spec.name, request.user, form.cleaned_data["purpose"], filters, page.now)
        try:
            return export(page.keyset.ordered, page.spec.columns, note)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    status = 422 if request.method == "POST" else 200
    return render(request, "parts/list_export.html", {**context, "form": form}, status=status)
