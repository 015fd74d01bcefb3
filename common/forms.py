"""Between forms and services."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class InstantField(forms.DateTimeField):
    """A local time to the minute. The minute that runs now means now: nobody types seconds."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("Write it as 2026-11-20 15:17.")})
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


def when(label: Any) -> InstantField:
    """The time of a late entry; empty is now."""
    return InstantField(label=label, help_text=_("Left empty, it was now."), required=False)


class OnceForm(forms.Form):
    """A form whose act happens once, however often it is sent.

    Fields are named as the service's arguments, so a `Refusal` finds its field.
    """

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "act_%s", "initial": {"request_id": uuid4()} | (initial or {})} | kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to what the form is about."""

    def arguments(self) -> dict[str, Any]:
        """What the service is called with, beside what it is about, actor and now."""
        data = dict(self.cleaned_data)
        data["request_id"] = data["request_id"] or uuid4()
        return data


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent, also when that is nothing at all; None when the page was only asked for."""
    return request.POST if request.method == "POST" else None


@contextmanager
def refusals_into(form: BaseForm) -> Iterator[None]:
    """What a service refuses inside this block is said by the form, at its field where it names one.

    if form.is_valid():
        with refusals_into(form):
            unit = create_unit(**form.cleaned_data, actor=request.user, now=request.now)
            return redirect("staff:unit", unit.code)
    return form_page(request, "staff/units/form.html", form)
    """
    try:
        yield
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))


def ours(request: HttpRequest, url: str) -> str:
    """``url``, which a form or an address carried along, when it is a path of this house; else nothing."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if url.startswith("/") and is_ours else ""


def form_page(
    request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page with its form: 200 when it is asked for, 422 when what was typed has to be mended."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**(context or {}), "form": form}, status=status)
