"""Form widgets with what their parts need to know."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms


class Picks(forms.RadioSelect):
    """Few choices as option buttons. ``keys`` shows number keys 1…9; ``icons`` and ``danger`` go by choice value."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        keys: bool = False,
        icons: Mapping[str, str] | None = None,
        danger: Collection[str] = (),
    ) -> None:
        super().__init__(attrs, choices)
        self.keys = keys
        self.icons = dict(icons or {})
        self.danger = frozenset(danger)
