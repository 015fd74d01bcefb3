"""The receipt a customer takes home: 80 mm roll or A5."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from workorders.policies import can_receive
from workorders.receipt import receipt_of
from workorders.selectors.orders import clocks_of, get_order_for

SIZES = ("80", "a5")


@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """One receipt, in the customer's language whatever the clerk's is."""
    order = get_order_for(request.user, code)
    language = (order.customer.language if order.customer else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        paper = receipt_of(order, clocks_of(order), now=request.now)
    size = request.GET.get("size", "")
    context = {
        "order": order,
        "receipt": paper,
        "language": language,
        "size": size if size in SIZES else SIZES[0],
        "sizes": SIZES,
        "may_receive": can_receive(request.user),
        "printing": request.GET.get("print") == "1",
    }
    return render(request, "workorders/receipt.html", context)
