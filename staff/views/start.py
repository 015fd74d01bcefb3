"""Where a person begins, and help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.contributions import help_pages, start_pages
from staff.choices import Role
from staff.help import GLOSSARY
from staff.views.tools import address


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The first start page that fits one of the person's roles; without any, a page that says so."""
    fitting = (address(page.url_name) for page in start_pages if page.roles & request.user.roles)
    url = next(filter(None, fitting), "")
    return redirect(url) if url else render(request, "staff/nothing.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What one's own roles do, then the keys, the words, and the other roles."""
    own = [role for role in Role if role in request.user.roles]
    context = {
        "own": [(role.label, f"staff/help/{role}.html") for role in own],
        "others": [(role.label, f"staff/help/{role}.html") for role in Role if role not in own],
        "more": [page.template for page in help_pages if not page.roles or page.roles & request.user.roles],
        "glossary": GLOSSARY,
    }
    return render(request, "staff/help.html", context)
