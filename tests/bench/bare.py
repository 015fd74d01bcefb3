"""What Django itself costs here and now: a list of 25 rows, and a form that writes one row and one line of history.

A project as ``startproject`` makes it, on the same machine and database in the same run: the measure that other pages
are held against, because it feels the same weather.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.test import Client, override_settings
from django.urls import path

ROWS = 25


class Ticket(models.Model):
    """As plain as it gets."""

    title = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=12, default="open")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"


class History(models.Model):
    """What happened to a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE)
    what = models.CharField(max_length=40)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"


class TicketForm(forms.ModelForm):
    """Five fields."""

    class Meta:
        model = Ticket
        fields = ("title", "name", "phone", "address", "text")


@login_required
def tickets(request: HttpRequest) -> HttpResponse:
    """The latest 25 with their owner."""
    return render(request, "list.html", {"rows": Ticket.objects.select_related("owner").order_by("-id")[:ROWS]})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """One INSERT and one row of history."""
    form = TicketForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            form.instance.owner = request.user
            ticket = form.save()
            History.objects.create(ticket=ticket, what="created", who=request.user)
        return redirect("list")
    return render(request, "form.html", {"form": form})


urlpatterns = [path("tickets/", tickets, name="list"), path("tickets/new/", new, name="new")]

FRAME = "<!doctype html><title>{% block title %}{% endblock %}</title><body>{% block body %}{% endblock %}</body>"
LIST = """{% extends "frame.html" %}{% block body %}<table>{% for row in rows %}<tr><td>{{ row.title }}<td>{{ row.state }}
<td>{{ row.name }}<td>{{ row.address }}<td>{{ row.owner.name }}<td>{{ row.created_at }}{% endfor %}</table>{% endblock %}"""
FORM = """{% extends "frame.html" %}{% block body %}<form method="post">{% csrf_token %}{{ form.as_p }}<button>Save</button>
</form>{% endblock %}"""
PROJECT = {
    "ROOT_URLCONF": "tests.bench.bare",
    "ALLOWED_HOSTS": ["*"],
    "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            (
                                "django.template.loaders.locmem.Loader",
                                {"frame.html": FRAME, "list.html": LIST, "form.html": FORM},
                            )
                        ],
                    )
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        }
    ],
}
MODELS = (Ticket, History)


@contextmanager
def tables(owner: models.Model, rows: int = 1_000) -> Iterator[None]:
    """The two tables in the present database, with some rows to list; gone afterwards."""
    drop_tables()
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    made = (
        Ticket(
            title="电表读数不对", name="陈淑兰", phone="13912342716", address="桔城路 18 号", text="没电", owner=owner
        )
        for _ in range(rows)
    )
    Ticket.objects.bulk_create(made)
    try:
        yield
    finally:
        drop_tables()


def drop_tables() -> None:
    with connection.cursor() as cursor:
        for model in reversed(MODELS):
            cursor.execute(f"DROP TABLE IF EXISTS {model._meta.db_table}")


def project() -> override_settings:
    """``with project(): …`` — Django as it comes."""
    return override_settings(**PROJECT)


def bare_window(member: models.Model) -> Client:
    """A browser that is logged in where only Django's own login is."""
    window = Client(enforce_csrf_checks=True)
    window.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return window
