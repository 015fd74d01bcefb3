"""Public pages: a customer follows an order."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for code and phone."""
    return render(request, "portal/follow.html")


@login_not_required
def follow_token(request: HttpRequest, token: str) -> HttpResponse:
    """The order behind a receipt's QR code."""
    return render(request, "portal/follow.html", {"token": token})
