"""What the field part draws: a bound field taken apart, without markup."""

from typing import Any

from django import forms
from django.forms import BaseForm, BoundField


def field_parts(bound: BoundField, **options: Any) -> dict[str, Any]:
    """Everything ``templates/parts/field.html`` needs of one bound field.

    Options: ``label``, ``hint`` (instead of the field's own), ``css`` (extra class of the block), ``rows`` (textarea),
    ``quiet`` (label for screen readers only), ``beside`` (words beside the label, instead of “optional”).
    """
    widget = bound.field.widget
    kind = kind_of(widget)
    error_id, hint_id = f"{bound.auto_id}_error", f"{bound.auto_id}_hint"
    hint = options.get("hint", bound.help_text)
    said_by = error_id if bound.errors else hint_id if hint else ""
    return {
        "bound": bound,
        "kind": kind,
        "label": options.get("label", bound.label),
        "hint": hint,
        "hint_id": hint_id,
        "error_id": error_id,
        "said_by": said_by,
        "optional": not bound.field.required and kind not in ("check", "checks"),
        "css": options.get("css", ""),
        "quiet": options.get("quiet", False),
        "beside": options.get("beside", ""),
        "limit": getattr(bound.field, "max_length", None) if kind == "textarea" else None,
        "control": control(bound, kind, said_by, options),
        "options": picks(bound, kind),
    }


def kind_of(widget: forms.Widget) -> str:
    """The shape a widget is drawn in."""
    shapes: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.CheckboxSelectMultiple, "checks"),  # before RadioSelect, which it is made of
        (forms.RadioSelect, "pick"),
        (forms.CheckboxInput, "check"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
    )
    if widget.is_hidden:
        return "hidden"
    return next((shape for widget_type, shape in shapes if isinstance(widget, widget_type)), "input")


def control(bound: BoundField, kind: str, said_by: str, options: dict[str, Any]) -> str:
    """The control itself; groups of options are drawn one by one instead."""
    if kind in ("pick", "checks"):
        return ""
    if kind == "hidden":
        return bound.as_widget()
    attrs: dict[str, Any] = {"class": {"select": "dh-select", "check": "dh-check"}.get(kind, "dh-input")}
    if said_by:
        attrs["aria-describedby"] = said_by
    if options.get("rows"):
        attrs["rows"] = options["rows"]
    own = bound.field.widget.attrs.get("class")
    if own:
        attrs["class"] += f" {own}"
    return bound.as_widget(attrs=attrs)


def picks(bound: BoundField, kind: str) -> list[dict[str, Any]]:
    """The options of a group with their number key, icon and weight."""
    if kind not in ("pick", "checks"):
        return []
    widget = bound.field.widget
    keyed = getattr(widget, "keys", False) or "data-keys" in widget.attrs
    shown: list[dict[str, Any]] = []
    for option in bound.subwidgets:
        data = option.data
        if kind == "pick" and data["value"] in ("", None):
            continue  # “nothing chosen” is no option: it is what an untouched group says
        attrs = data["attrs"]
        shown.append(
            {
                "id": attrs.get("id", ""),
                "name": data["name"],
                "value": data["value"],
                "label": data["label"],
                "checked": data["selected"],
                "required": attrs.get("required", False),
                "disabled": attrs.get("disabled", False),
                "key": str(len(shown) + 1) if keyed and len(shown) < 9 else "",
                "icon": getattr(widget, "icons", {}).get(str(data["value"]), ""),
                "danger": str(data["value"]) in getattr(widget, "danger", ()),
            }
        )
    return shown


def form_problems(form: BaseForm) -> dict[str, Any]:
    """What the summary of a refused form says: words that belong to no field, and a link to each field in order."""
    places = [{"label": bound.label, "href": f"#{target_of(bound)}"} for bound in form if bound.errors]
    return {"general": form.non_field_errors(), "places": places}


def target_of(bound: BoundField) -> str:
    """The id that a link to this field leads to: the first option of a group, else the control."""
    return f"{bound.auto_id}_0" if kind_of(bound.field.widget) in ("pick", "checks") else bound.auto_id
