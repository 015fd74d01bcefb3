"""What every form of an act has: the request it stands for, the version it was opened on, and who acts when."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.models import Member
from workorders.models import WorkOrder

LONG = 2000
FRAME = frozenset({"request_id", "version"})
MINUTE = timedelta(minutes=1)


class ActForm(forms.Form):
    """Fields are named as the service's arguments, so a `Refusal` finds its field. Forms clean and convert, no more."""

    pairs = False  # drawn in two columns where there is room
    wide: tuple[str, ...] = ()  # … but these over both
    mirrors = False  # its fields begin with values of the order, so two people may have changed the same one

    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, order: WorkOrder, actor: Member, now: datetime, **kwargs: Any) -> None:
        initial = {"request_id": uuid4(), "version": order.version} | self.start(order, now) | kwargs.pop("initial", {})
        self.order, self.actor, self.now = order, actor, now
        super().__init__(*args, initial=initial, auto_id="act_%s", **kwargs)
        self.prepare()

    @staticmethod
    def start(order: WorkOrder, now: datetime) -> dict[str, Any]:
        """What the fields begin with."""
        return {}

    def prepare(self) -> None:
        """Fit the fields to this order and this person."""

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        return {name: value for name, value in self.cleaned_data.items() if name not in FRAME}

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields to draw, in order."""
        return list(self.visible_fields())

    def request(self) -> UUID:
        """The request this form stands for; a new one when it carries none."""
        return self.cleaned_data.get("request_id") or uuid4()


def words(label: Any, *, rows: int = 3, required: Any = "", hint: Any = "", most: int = LONG) -> forms.CharField:
    """A few sentences. ``required`` is what is said when they are missing; without it they may be."""
    return forms.CharField(
        label=label,
        required=bool(required),
        help_text=hint,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": required,
            "max_length": _("At most %(limit_value)d characters; this has %(show_value)d."),
        },
    )


def local(at: datetime) -> datetime:
    """An instant as it is put into a form: local, to the minute."""
    return timezone.localtime(at).replace(second=0, microsecond=0)
