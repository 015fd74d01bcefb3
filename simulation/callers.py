"""Who turns up with what: a saying, somebody whose mouth it fits, the way they come, and who takes it down."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.utils.timezone import localtime

from simulation.arrivals import Arrival
from simulation.cast import Cast, Household
from simulation.city import names
from simulation.city.places import PLACES, Place
from simulation.sayings import Saying, by_kind
from staff.choices import Role
from staff.models import Member
from workorders.choices import Channel, Kind, ServiceType
from workorders.models import WorkOrder
from workorders.services.intake import Intake, receive

HOT, COLD = (6, 7, 8, 9), (11, 12, 1, 2)
SAME_PLACE = timedelta(minutes=50)  # so long after a fault a neighbour may still report it
# How people come, when a counter is open and when it is not.
WAYS = {
    Kind.COMPLAINT: {
        Channel.HOTLINE: 60, Channel.CITY_HOTLINE: 14, Channel.WEB: 9, Channel.COUNTER: 8, Channel.REGULATOR: 4,
        Channel.VISIT: 2, Channel.LETTER: 2, Channel.CONDUCT_LINE: 1,
    },
    Kind.FAULT: {Channel.HOTLINE: 86, Channel.WEB: 9, Channel.COUNTER: 3, Channel.CITY_HOTLINE: 2},
    Kind.TIP_OFF: {Channel.HOTLINE: 80, Channel.LETTER: 12, Channel.COUNTER: 8},
}  # fmt: skip
ELSE = {Channel.HOTLINE: 52, Channel.COUNTER: 33, Channel.WEB: 15}
# The field of the form that `Saying.detail` or its situation answers.
ASKED = {
    Kind.COMPLAINT: "about",
    Kind.TIP_OFF: "against",
    Kind.PRAISE: "whom",
    ServiceType.RECONNECTION: "paid_on",
    ServiceType.READING_ANOMALY: "reading",
    ServiceType.METER_CHECK: "doubt",
    ServiceType.APPLIANCE_DAMAGE: "damaged",
    ServiceType.VOLTAGE_QUALITY: "since",
    ServiceType.DATA_CHANGE: "new_value",
}
# What faults look like, on ordinary days and in a storm; “storm” are the sayings about the weather itself.
ORDINARY = {"whole": 50, "partial": 25, "voltage": 17, "danger": 8}
IN_A_STORM = {"storm": 60, "whole": 26, "partial": 8, "danger": 6}
AT_ONCE = 0.72  # of the questions, those that whoever is asked can answer (standards G7)
SPOTS = ("门前", "路口", "公交站旁", "小学后门", "菜市场旁", "桥头")


class Callers:
    """Draws what comes in. Sayings are drawn like cards from a shuffled pack, so none is heard twice in a row."""

    def __init__(self, cast: Cast, rng: Random) -> None:
        self.cast, self.rng = cast, rng
        self.packs: dict[str, list[Saying]] = defaultdict(list)
        self.dark: list[tuple[datetime, int]] = []  # transformers with a fresh fault

    def take(self, arrival: Arrival) -> WorkOrder:
        """Somebody turns up and the order is opened, through the service."""
        saying = self._saying(arrival)
        home = None if saying.place else self._household(saying, arrival)
        channel, actor = self._way(saying, arrival.at)
        spot = self.rng.choice(PLACES) if saying.place else None
        request_id = UUID(int=self.rng.getrandbits(128), version=4)
        intake = self._intake(saying, channel, home, spot, arrival.at)
        return receive(intake=intake, actor=actor, now=arrival.at, request_id=request_id)

    def _intake(
        self, saying: Saying, channel: Channel, home: Household | None, spot: Place | None, at: datetime
    ) -> Intake:
        fault, service = saying.kind == Kind.FAULT, saying.kind == Kind.SERVICE
        return Intake(
            kind=Kind(saying.kind),
            channel=channel,
            description=saying.says,
            service_type=saying.situation if service else "",
            situation=saying.situation if fault else "",
            subject=saying.brief,
            details=details(saying, at),
            **(self._at_home(saying, home) if home else self._on_the_street(spot)),
        )

    def _at_home(self, saying: Saying, home: Household) -> dict:
        hidden = saying.kind == Kind.TIP_OFF and self.rng.random() < 0.6
        if hidden:  # gives a street and no name
            return {"address": home.point.address, "area_class": home.point.transformer.area.area_class}
        return {
            "customer": home.customer,
            "supply_point": home.point,
            "contact_name": home.contact_name,
            "contact_phone": home.contact_phone,
            "address": home.point.address,
        }

    def _on_the_street(self, spot: Place) -> dict:
        """A passer-by: no customer, mostly a number to call back."""
        street = self.rng.choice(spot.streets)
        where = f"{spot.name}{street} {self.rng.randrange(1, 120)} 号{self.rng.choice(SPOTS)}"
        named = self.rng.random() < 0.7
        return {
            "address": where,
            "area_class": spot.area_class,
            "contact_name": names.person(self.rng) if named else "",
            "contact_phone": names.phone(self.rng) if named else "",
        }

    def _saying(self, arrival: Arrival) -> Saying:
        """The next card that fits the hour, the season and the weather; a storm draws its own first."""
        local = localtime(arrival.at)
        pool, key = by_kind()[arrival.kind], str(arrival.kind)
        if arrival.kind == Kind.FAULT:
            odds = IN_A_STORM if arrival.storm else ORDINARY
            key = self.rng.choices(list(odds), list(odds.values()))[0]
            pool = tuple(saying for saying in pool if key in ("storm" if saying.storm else "", saying.situation))
        elif arrival.kind == Kind.INQUIRY:
            at_once = self.rng.random() < AT_ONCE
            pool, key = tuple(saying for saying in pool if saying.instant == at_once), f"{key}-{at_once}"
        for _round in range(2):
            for i, saying in enumerate(self.packs[key]):
                if fits(saying, local, storm=arrival.storm) and self._has_mouths(saying):
                    return self.packs[key].pop(i)
            self.packs[key] += self.rng.sample(pool, len(pool))
        return next(saying for saying in pool if not saying.who and not saying.flag)

    def _has_mouths(self, saying: Saying) -> bool:
        return saying.place or bool(self._mouths(saying))

    def _mouths(self, saying: Saying) -> list[Household]:
        """Everybody it fits."""
        if saying.flag:
            return self.cast.by_flag.get(saying.flag, [])
        homes = self.cast.by_klass.get(saying.klass, [])
        if saying.who:
            parts = saying.who.split("|")
            homes = [home for home in homes if any(part in home.customer.name for part in parts)]
        return homes

    def _household(self, saying: Saying, arrival: Arrival) -> Household:
        """Now and then a neighbour of a fresh fault; a storm hits whole transformer districts."""
        homes = self._mouths(saying)
        if saying.kind != Kind.FAULT:
            return self.rng.choice(homes)
        self.dark = [(at, transformer) for at, transformer in self.dark if arrival.at - at < SAME_PLACE]
        if self.dark and self.rng.random() < (0.45 if arrival.storm else 0.12):
            near = [home for home in homes if home.point.transformer_id == self.rng.choice(self.dark)[1]]
            if near:
                return self.rng.choice(near)
        home = self.rng.choice(homes)
        if saying.situation in ("whole", "voltage"):
            self.dark.append((arrival.at, home.point.transformer_id))
        return home

    def _way(self, saying: Saying, at: datetime) -> tuple[Channel, Member]:
        """The channel, and whoever takes it there."""
        ways = WAYS.get(Kind(saying.kind), ELSE)
        channel = self.rng.choices(list(ways), list(ways.values()))[0]
        clerks = self.cast.clerks(at)
        if channel == Channel.COUNTER and clerks:
            return channel, self.rng.choice(clerks)
        if channel == Channel.COUNTER:
            channel = Channel.HOTLINE
        return channel, self.rng.choice(self.cast.on(Role.AGENT, at))


def details(saying: Saying, at: datetime) -> dict[str, str]:
    """What the form of the kind asks besides, as `workorders.forms.intake` keeps it."""
    if saying.kind == Kind.FAULT:
        return {"neighbours": saying.neighbours, "breaker": saying.breaker}
    field = ASKED.get(saying.situation if saying.kind == Kind.SERVICE else saying.kind)
    if field is None:
        return {}
    today = localtime(at).date()
    said = {field: saying.detail or saying.situation}
    if saying.situation == ServiceType.RECONNECTION:
        said = {field: today.isoformat()}
    if saying.situation == ServiceType.READING_ANOMALY:
        said["month"] = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    if saying.situation == ServiceType.APPLIANCE_DAMAGE:
        said["damaged_when"] = f"{today - timedelta(days=1):%m-%d}"
    return said


def fits(saying: Saying, local: datetime, *, storm: bool) -> bool:
    """Whether it can be said at this hour, in this month, in this weather."""
    if saying.storm and not storm:
        return False
    first, last = saying.hours
    if not first <= local.hour < last:
        return False
    return saying.season == "" or local.month in (HOT if saying.season == "hot" else COLD)
