"""Filters of the order lists; what they say stands in the address, so every figure elsewhere can link to its orders."""

from datetime import timedelta

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.periods import midnight
from staff.choices import AreaClass
from staff.selectors import scope_of
from workorders.choices import Channel, Kind, State
from workorders.models import WorkOrder
from workorders.selectors.figures import ABOUT_VOLTAGE, SLICES, broken_promises, ended_promises
from workorders.selectors.orders import is_code, is_tail, of_customer

STANDING = [("open", _("Open")), ("ended", _("Ended")), ("all", _("All"))]
DUE = [
    ("late", _("Late")),
    ("hour", _("Within the hour")),
    ("later", _("Later")),
    ("untold", _("Late, the customer is owed a word")),
]


BEGINS = ("standing", "open")
BEHIND = {
    "customer": _("of one customer"),
    "member": _("in hand of one person"),
    "transformer": _("on one transformer"),
    "area": _("in one area"),
    "about": _("about the voltage"),
    "only": _("of this unit alone"),
}
PROMISES = {
    "broken": _("a promise to the customer broken"),
    "ended": _("a promise of this sort ended"),
}


class OrderFilter(filters.FilterSet):
    """State, kind, unit, period, customer, code; open and closed."""

    q = filters.CharFilter(label=_("Code or words"), method="by_words")
    standing = filters.ChoiceFilter(label=_("Open or ended"), choices=STANDING, method="by_standing", empty_label=None)
    kind = filters.ChoiceFilter(label=_("Kind"), choices=Kind, empty_label=_("All kinds"))
    state = filters.ChoiceFilter(label=_("State"), choices=State, empty_label=_("All states"))
    due = filters.ChoiceFilter(label=_("Time left"), choices=DUE, method="by_due", empty_label=_("Any"))
    unit = filters.CharFilter(label=_("Unit"), method="by_unit")
    channel = filters.ChoiceFilter(label=_("Came in by"), choices=Channel, empty_label=_("All channels"))
    since = filters.DateFilter(label=_("From"), method="by_since")
    until = filters.DateFilter(label=_("To"), method="by_until")
    # named by figures on the dashboard, not drawn
    customer = filters.CharFilter(method="by_customer")
    member = filters.CharFilter(method="by_member")
    only = filters.CharFilter(field_name="unit__code")  # the unit itself, without those below it
    hour = filters.NumberFilter(method="by_hour")
    promise = filters.CharFilter(method="by_promise")
    transformer = filters.CharFilter(field_name="supply_point__transformer__code")
    area = filters.CharFilter(field_name="supply_point__transformer__area__code")
    about = filters.ChoiceFilter(choices=[("voltage", BEHIND["about"])], method="by_about")

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    DRAWN = ("q", "standing", "kind", "state", "due", "unit", "since", "until")

    def __init__(self, data=None, *args, **kwargs) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("standing", "open")
        super().__init__(data, *args, **kwargs)
        self.units = scope_of(self.request.user).tree
        units = [("", _("All units")), *((u.code, f"{'　' * (u.depth - 1)}{u.name}") for u in self.units)]
        self.form.fields["unit"].widget = filters.fields.forms.Select(choices=units)
        for name in ("since", "until"):
            self.form.fields[name].widget.input_type = "date"

    @property
    def drawn(self):
        """The filters a person sets; the others come with links."""
        return [self.form[name] for name in self.DRAWN]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Filters without a field, so that setting another one keeps them."""
        return [(name, self.data[name]) for name in self.filters if name not in self.DRAWN and self.data.get(name)]

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered besides what the list begins with."""
        return any(value for name, value in self.data.items() if name in self.filters and (name, value) != BEGINS)

    @property
    def behind(self) -> str:
        """What a link has filtered that no field shows, in words; empty when there is nothing."""
        data = self.data
        told = [str(words) for name, words in BEHIND.items() if data.get(name)]
        if data.get("promise"):
            told.append(str(PROMISES.get(data["promise"].split(":")[0], "")))
        if data.get("hour"):
            told.append(_("received at %(hour)s:00–%(hour)s:59") % {"hour": data["hour"]})
        return " · ".join(filter(None, told))

    def by_words(self, orders: QuerySet[WorkOrder], _name: str, value: str) -> QuerySet[WorkOrder]:
        """A code, its beginning or its last digits, each by an index; anything else is looked for in the subjects."""
        text = value.strip().upper()
        if is_tail(text):
            return orders.filter(tail=text)
        return orders.filter(code__startswith=text) if is_code(text) else orders.filter(subject__icontains=text)

    def by_standing(self, orders: QuerySet[WorkOrder], _name: str, value: str) -> QuerySet[WorkOrder]:
        return orders if value == "all" else orders.filter(closed_at__isnull=value == "open")

    def by_due(self, orders: QuerySet[WorkOrder], _name: str, value: str) -> QuerySet[WorkOrder]:
        return orders.filter(SLICES[value](self.request.now if self.request else timezone.now()))

    def by_unit(self, orders: QuerySet[WorkOrder], _name: str, value: str) -> QuerySet[WorkOrder]:
        """The unit and those below it; by their ids, so that the queue of a unit is read from its own index."""
        top = next((unit for unit in self.units if unit.code == value), None)
        return (
            orders.filter(unit_id__in=[u.id for u in self.units if u.path.startswith(top.path)])
            if top
            else orders.none()
        )

    def by_since(self, orders: QuerySet[WorkOrder], _name: str, value) -> QuerySet[WorkOrder]:
        return orders.filter(received_at__gte=midnight(value))

    def by_until(self, orders: QuerySet[WorkOrder], _name: str, value) -> QuerySet[WorkOrder]:
        return orders.filter(received_at__lt=midnight(value + timedelta(days=1)))

    def by_customer(self, orders: QuerySet[WorkOrder], _name: str, value: str) -> QuerySet[WorkOrder]:
        return orders.filter(pk__in=of_customer(self.request.user, value).values("pk"))

    def by_member(self, orders: QuerySet[WorkOrder], _name: str, value: str) -> QuerySet[WorkOrder]:
        return orders.filter(Q(assignee__staff_no=value) | Q(first_owner__staff_no=value, assignee__isnull=True))

    def by_about(self, orders: QuerySet[WorkOrder], _name: str, _value: str) -> QuerySet[WorkOrder]:
        return orders.filter(ABOUT_VOLTAGE)

    def by_hour(self, orders: QuerySet[WorkOrder], _name: str, value) -> QuerySet[WorkOrder]:
        return orders.filter(received_at__hour=int(value))

    def by_promise(self, orders: QuerySet[WorkOrder], _name: str, value: str) -> QuerySet[WorkOrder]:
        """Orders behind a promise figure: ``broken:2026-11`` or ``ended:2026-11:ten-arrive-urban``."""
        what, _colon, rest = value.partition(":")
        month, _colon, rule = rest.partition(":")
        now = self.request.now if self.request else timezone.now()
        find = {"broken": broken_promises, "ended": ended_promises}.get(what)
        try:
            clocks = find(month=month, now=now, rule=rule) if find else None
        except ValueError:
            clocks = None
        return orders.none() if clocks is None else orders.filter(pk__in=clocks.values("order_id"))


class WorkFilter(filters.FilterSet):
    """What one narrows one's own work by."""

    kind = filters.ChoiceFilter(label=_("Kind"), choices=Kind, empty_label=_("All kinds"))
    area_class = filters.ChoiceFilter(label=_("Kind of area"), choices=AreaClass, empty_label=_("All areas"))
    state = filters.ChoiceFilter(label=_("State"), choices=State, empty_label=_("All states"))

    class Meta:
        model = WorkOrder
        fields: list[str] = []
