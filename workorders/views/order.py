"""The order page, and showing whom to call for a purpose."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refusal
from workorders.services.looking import look
from workorders.views.order_page import order_page


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one order."""
    page = order_page(request, code)
    return render(request, "workorders/detail.html", {"page": page, "order": page.order, "menu_at": page.home[0]})


@require_POST
def show_person(request: HttpRequest, code: str) -> HttpResponse:
    """Show the phone and the door for a purpose, for a minute; the look is on record first."""
    page = order_page(request, code)
    try:
        purpose = request.POST.get("purpose", "")
        page.shown = look(order=page.order, purpose=purpose, actor=request.user, now=request.now)
    except Refusal as refusal:
        page.refused = str(refusal.message)
    template = "workorders/order/_person.html" if request.htmx else "workorders/detail.html"
    context = {"page": page, "order": page.order, "menu_at": page.home[0]}
    response = render(request, template, context, status=422 if page.refused else 200)
    response["Cache-Control"] = "no-store"
    if page.shown and not request.htmx:
        response["Refresh"] = f"60;url={page.url}"  # without script, too, it is gone after a minute
    return response
