"""One customer: the page, the panel beside the intake, and looking at what is masked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refusal
from customers.forms import RevealForm
from customers.panel import CustomerPanel
from customers.selectors import get_customer_for
from customers.services.privacy import SHOWN_FOR, reveal
from customers.views.search import remember


def panel_of(request: HttpRequest, account_no: str, **options) -> CustomerPanel:
    """The panel of a customer that this person may see. Raises: Http404."""
    customer = get_customer_for(request.user, account_no)
    return CustomerPanel(customer=customer, actor=request.user, now=request.now, **options)


@never_cache
@require_safe
def detail(request: HttpRequest, account_no: str) -> HttpResponse:
    """The whole file."""
    panel = panel_of(request, account_no)
    remember(request, panel.customer)
    return render(request, "customers/detail.html", {"panel": panel})


@never_cache
@require_safe
def panel(request: HttpRequest, account_no: str) -> HttpResponse:
    """The panel by itself (htmx), for pages that show a customer beside something else."""
    shown = panel_of(request, account_no)
    if "X-Poll" not in request.headers:  # the masked numbers coming back are nobody's look at the customer
        remember(request, shown.customer)
    return render(request, "customers/_panel.html", {"panel": shown})


@never_cache
@require_POST
def show(request: HttpRequest, account_no: str) -> HttpResponse:
    """Phones or doors in full for a minute: as the part they stand in (htmx), or as a page that turns away."""
    shown = panel_of(request, account_no)
    form = RevealForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(next(iter(form.errors.values()))[0])
        wanted, purpose = form.cleaned_data["fields_wanted"], form.cleaned_data["purpose"]
        shown.revealed = reveal(
            customer=shown.customer, fields=wanted, purpose=purpose, actor=request.user, now=request.now
        )
    except Refusal as refusal:
        shown.refused = str(refusal.message)
    template = "customers/_secrets.html" if request.htmx else "customers/secrets.html"
    context = {"panel": shown, "shown_for_s": int(SHOWN_FOR.total_seconds())}
    return render(request, template, context, status=422 if shown.refused else 200)
