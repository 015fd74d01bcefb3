"""Drop-down lists, drawn without a template for every option.

Django includes two templates for each; a list of a hundred units was the slowest part of a page.
"""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class FormRenderer(DjangoTemplates):
    """Django's own, but for select elements; the settings name it."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == "django/forms/widgets/select.html":
            return draw_select(context["widget"])
        return super().render(template_name, context, request)


def draw_select(widget: dict[str, Any]) -> SafeString:
    """What ``django/forms/widgets/select.html`` draws, from the same context."""
    groups = [_group(name, options) for name, options, _index in widget["optgroups"]]
    inside = format_html_join("", "{}", ((group,) for group in groups))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(_stated(widget["attrs"])), inside)


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    rows = ((option["value"], flatatt(_stated(option["attrs"])), option["label"]) for option in options)
    drawn = format_html_join("", '<option value="{}"{}>{}</option>', rows)
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def _stated(attrs: dict[str, Any]) -> dict[str, Any]:
    """Without those that are not there: Django's template leaves out False, `flatatt` would write None."""
    return {name: value for name, value in attrs.items() if value is not None and value is not False}
