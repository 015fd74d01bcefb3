"""One pair of pages for every act on an order: its form, and doing it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.access import require
from common.forms import ours, refusals_into
from customers import masking
from workorders.choices import Verb
from workorders.conflict import Clash, Difference, clash_of, differences
from workorders.forms.acts import ActSpec, recalled, spec_of
from workorders.forms.acts.base import ActForm
from workorders.models import WorkOrder
from workorders.nextstep import BUTTON, slug, state_words
from workorders.policies import can, can_see_person
from workorders.presentation import promise_of
from workorders.promise import PromiseView
from workorders.selectors.history import was_done
from workorders.selectors.orders import can_still_see, get_order_for
from workorders.selectors.progress import mark_progress
from workorders.services.change import Conflict
from workorders.transitions import can_follow
from workorders.views.order_page import home_of


@dataclass
class ActPage:
    """One act on one order for one person."""

    template = "workorders/act/page.html"

    request: HttpRequest
    order: WorkOrder
    spec: ActSpec
    clash: Clash | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return slug(self.spec.verb)

    @property
    def url(self) -> str:
        """Where its form is sent."""
        return reverse("workorders:act", args=[self.order.code, self.slug])

    @property
    def next(self) -> str:
        """Where the person wants to go afterwards, passed on through the form."""
        return self.request.POST.get("next") or self.request.GET.get("next") or ""

    @property
    def can_follow(self) -> bool:
        """The state table may have closed this door since the page was opened."""
        return can_follow(self.spec.verb, self.order.state)

    @property
    def closed_words(self) -> str:
        words = {"state": state_words(self.order), "act": str(self.spec.main)}
        return _("This order is now “%(state)s”; “%(act)s” cannot follow that.") % words

    @property
    def name(self) -> Promise:
        """The act in a word, as on its button on the order page."""
        return BUTTON[self.spec.verb]

    @property
    def phone(self) -> str:
        """The masked number, where the act is a call; in full it is shown on the order page, for a purpose."""
        calls = self.spec.verb in (Verb.CONTACT, Verb.ANSWER, Verb.CALL_BACK, Verb.TELL_LATE)
        return masking.phone(self.order.contact_phone) if calls and self.shows_person else ""

    @property
    def title(self) -> str:
        return self.spec.title(self.order)

    @property
    def follows(self) -> list[str]:
        return self.spec.follows(self.order, self.request.user, self.request.now)

    @property
    def recalled(self) -> list[tuple[str, str]]:
        return recalled(self.spec, self.order)

    @property
    def shows_person(self) -> bool:
        return bool(can_see_person(self.request.user, self.order))

    @cached_property
    def promise(self) -> PromiseView:
        return promise_of(self.order.next_clock, now=self.request.now)

    @cached_property
    def back(self) -> str:
        """Where to go afterwards: the list the person came from if it named itself, else the order."""
        return ours(self.request, self.next) or reverse("workorders:detail", args=[self.order.code])

    def form(self, data: Any = None) -> ActForm:
        files = self.request.FILES if data is not None else None
        return self.spec.form(data, files, order=self.order, actor=self.request.user, now=self.request.now)

    def answer(self, form: ActForm, status: int) -> HttpResponse:
        """The page, or only its part when htmx asked for the dialog."""
        template = "workorders/act/_dialog.html" if self.request.htmx else self.template
        context = {"page": self, "form": form, "order": self.order, "spec": self.spec}
        context["menu_at"] = home_of(self.request.user)[0]
        return render(self.request, template, context, status=status)

    def done(self) -> HttpResponse:
        """Back where the person came from, or to the start page when the order has left their reach."""
        target = self.back if can_still_see(self.request.user, self.order) else "/"
        if self.request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """The form of an act, and doing it: once, however often the request comes."""
    order, spec = get_order_for(request.user, code), spec_of(act)
    if spec is None:
        raise Http404(act)
    return answer_act(ActPage(request, order, spec))


def answer_act(page: ActPage) -> HttpResponse:
    """The form of the page's act, or doing it; also for pages of other faces."""
    request, order, spec = page.request, page.order, page.spec
    if request.method == "POST" and was_done(order, _uuid(request)):
        return page.done()
    mark_progress([order])
    decision = can(spec.verb, request.user, order)
    if request.htmx and not decision:
        return render(request, "workorders/act/_denied.html", {"reason": decision.reason, "page": page}, status=403)
    require(decision, back=page.back)
    if request.method == "POST":
        return _do(page)
    return page.answer(page.form(), 200 if page.can_follow else 409)


def _do(page: ActPage) -> HttpResponse:
    request, form = page.request, page.form(page.request.POST)
    if form.is_valid():
        try:
            with refusals_into(form):
                frame = {"code": page.order.code, "actor": request.user, "now": request.now}
                frame |= {"request_id": form.request(), "version": form.cleaned_data["version"]}
                page.spec.run(**frame, **form.arguments())
                messages.success(request, str(page.spec.done))
                return page.done()
        except Conflict as conflict:
            return _clashed(page, conflict)
    return page.answer(form, 422)


def _clashed(page: ActPage, conflict: Conflict) -> HttpResponse:
    """Somebody was quicker: what they did, what was typed, and the same form on the version of now."""
    seen = page.request.POST.get("version", "0")
    (page.order,) = mark_progress([get_order_for(page.request.user, page.order.code)])
    page.clash = clash_of(
        page.order, seen=int(seen) if seen.isdigit() else 0, now=page.request.now, show_person=page.shows_person
    )
    again = page.request.POST.copy()
    again["version"] = str(page.order.version)
    form = page.form(again)
    page.differences = differences(form)
    return page.answer(form, 409)


def _uuid(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return None
