"""What this room shows in the rooms below: menu, the power at a supply point, “is there a known outage?”."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import contributions as house
from common.contributions import MenuEntry, Panel, PlaceState
from common.pulse import Pulse, pulses
from common.timewords import instant
from customers.models import Customer, SupplyPoint
from outages.board import board_map
from outages.choices import LETTERS
from outages.models import Outage, RunUser
from outages.orderly_choices import RUN_LETTERS, Measure
from outages.policies import READERS
from outages.selectors.orderly.runs import asked_at
from outages.selectors.places import touching, was_touching
from outages.selectors.public import off_now
from outages.selectors.storms import storms_now, units_in_storm
from outages.wording import asked_words, back_words, in_short, state_at_a_place
from staff.models import Member
from workorders.choices import Kind


def _off(member: Member) -> QuerySet[Outage]:
    return off_now()


house.menu.register(
    "outages",
    MenuEntry(gettext_lazy("Outages"), "bolt-off", "outages:list", READERS, _off, key="o"),
    order=50,
)


def _page_of(code: str) -> str:
    """Where a message about an outage leads."""
    return reverse("outages:detail", args=[code]) if code.startswith(f"{LETTERS}-") else ""


house.about_links.register("outages", _page_of)


def _page_of_run(code: str) -> str:
    """Where a message about orderly use leads."""
    return reverse("outages:orderly_run", args=[code]) if code.startswith(f"{RUN_LETTERS}-") else ""


house.about_links.register("orderly use", _page_of_run)


def _places(points: Sequence[SupplyPoint], now: datetime) -> dict[int, PlaceState]:
    """How the power stands at each supply point, and what orderly use asks of its customer."""
    known, asked = touching(points, now), asked_at(points, now)
    return {point.pk: _place(known.get(point.pk), asked.get(point.customer_id), now) for point in points}


def _place(outage: Outage | None, user: RunUser | None, now: datetime) -> PlaceState:
    said = [state_at_a_place(outage, now)] if outage else []
    said += [asked_words(user, now)] if user else []
    if not said:
        return PlaceState(_("No outage is known here"))
    is_cut = user is not None and user.batch.measure == Measure.CUT and user.run.starts_at <= now
    is_off = is_cut or (outage is not None and outage.is_off)
    return PlaceState(" · ".join(said), "bolt-off" if outage or is_cut else "plug-connected", is_off=is_off)


house.place_states.register("outages", _places)


@dataclass(frozen=True)
class KnownOutage:
    """Said beside a report before an order is opened for it (A8.6); ``act_url`` puts the caller to it instead."""

    title: str
    text: str
    url: str
    act_url: str = ""

    @property
    def act_label(self) -> str:
        return _("Put the caller to it")


def _known(customer: Customer | None, point: SupplyPoint | None, kind: str, now: datetime) -> KnownOutage | None:
    """The outage this place is in, or just came out of, when somebody reports that there is no power."""
    if point is None or kind != Kind.FAULT:
        return None
    outage = touching([point], now).get(point.pk)
    if outage is None:
        return _asked(point, now) or _came_back(point, now)
    text, url = in_short(outage, now), _page_of(outage.code)
    if not outage.is_off:
        return KnownOutage(_("An outage is announced here"), text, url)
    query = urlencode({"customer": customer.account_no if customer else "", "point": point.pk})
    attach = f"{reverse('outages:attach', args=[outage.code])}?{query}"
    return KnownOutage(_("This place is in a known outage"), text, url, attach)


def _asked(point: SupplyPoint, now: datetime) -> KnownOutage | None:
    """The customer is asked to use less just now: their power may be off for that."""
    user = asked_at([point], now).get(point.customer_id)
    if user is None or now < user.run.starts_at:
        return None
    return KnownOutage(_("This customer is in orderly use now"), asked_words(user, now), "")


def _came_back(point: SupplyPoint, now: datetime) -> KnownOutage | None:
    """Power came back here within a day: who is still without it has a fault of their own."""
    outage = was_touching(point, now)
    if outage is None:
        return None
    text = _("%(back)s. If it is off all the same, the fault is nearer: open an order.")
    said = {"back": back_words(outage, now)}
    return KnownOutage(_("An outage here is just over"), text % said, _page_of(outage.code))


def _storm(now: datetime) -> Pulse:
    """Across every page while storm mode is on."""
    storm = storms_now(now).first()
    if storm is None:
        return Pulse(ok=True)
    said = {"unit": storm.unit.label, "time": instant(storm.over_at, now, today=True)}
    return Pulse(
        ok=True,
        is_told=True,
        icon="cloud-storm",
        banner_title=_("Storm mode, %(unit)s, until %(time)s") % said,
        banner_text=_("%(reason)s. Look for the caller's place among the outages first; alarms come summed up.")
        % {"reason": storm.reason.rstrip("。.")},
        banner_url=reverse("outages:storm"),
        banner_link=_("What to say"),
    )


pulses.register("outages.storm", _storm)
house.gathered_alarms.register("outages.storm", units_in_storm)
house.map_layers.register("outages", Panel("outages/_board_map.html", board_map))
house.preopen_checks.register("outages", _known)
