"""Who lives and works in the demo city, generated from a seed. Pure: `found.py` writes it through the services."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from customers.choices import ContactRole, CustomerKlass, Flag, Importance, KeyAccount, Language, Voltage
from simulation.city import names
from simulation.city.places import PLACES, Place
from staff.choices import AreaClass

K = CustomerKlass


@dataclass(frozen=True)
class TransformerPlan:
    """A transformer on a street, and the first of the house numbers it supplies."""

    code: str
    name: str
    feeder: str
    place: Place
    street: str
    first_house: int


@dataclass(frozen=True)
class PointPlan:
    """A place that is supplied."""

    address: str
    door: str
    meter_no: str
    transformer: str


@dataclass(frozen=True)
class CustomerPlan:
    """A customer with contacts (name, phone, role) and supply points; the first of each is the main one."""

    account_no: str
    name: str
    klass: str
    contacts: list[tuple[str, str, str]]
    points: list[PointPlan]
    voltage: str = Voltage.LOW
    importance: str = Importance.NONE
    key_account: str = KeyAccount.NONE
    flags: list[str] = field(default_factory=list)
    language: str = Language.CHINESE


HOMES_PER_TRANSFORMER = 18
FIRST_NUMBER = {"夷兴路": 9}  # the older streets do not start at 1


def transformers(customers: int) -> list[TransformerPlan]:
    """Enough transformers for so many customers, at least three a street: 桔城路 03 of the picture is among them."""
    found = []
    total = sum(place.share for place in PLACES)
    for place in PLACES:
        wanted = customers * place.share / total / HOMES_PER_TRANSFORMER
        each = max(3, round(wanted / len(place.streets)))
        for s, street in enumerate(place.streets):
            for i in range(each):
                number = i + FIRST_NUMBER.get(street, 1)
                feeder = place.feeders[s * len(place.feeders) // len(place.streets)]
                code = f"{place.code}-{s + 1}{number:02d}"
                found.append(TransformerPlan(code, f"{street} {number:02d} 台区", feeder, place, street, 2 + i * 8))
    return found


class Population:
    """Draws customers; everything that must be unique (accounts, meters) is drawn without repetition."""

    def __init__(self, *, size: int, seed: int) -> None:
        self.size = size
        self.rng = Random(f"population {seed}")
        self.grid = transformers(size)
        self.phones: list[str] = []
        self._accounts = {plan.account_no for plan in self._known()}
        self._meters = {point.meter_no for plan in self._known() for point in plan.points}

    def __iter__(self) -> Iterator[CustomerPlan]:
        yield from self._known()
        weights = [t.place.share / len(t.place.streets) for t in self.grid]
        for transformer in self.rng.choices(self.grid, weights, k=self.size - len(KNOWN)):
            yield self._customer(transformer)

    def _known(self) -> list[CustomerPlan]:
        return [known(row, self.grid) for row in KNOWN]

    def _customer(self, at: TransformerPlan) -> CustomerPlan:
        rng, rural = self.rng, at.place.area_class != AreaClass.URBAN
        mix = (0.72, 0.08, 0.03, 0.17) if rural else (0.84, 0.125, 0.03, 0.005)
        klass = rng.choices((K.RESIDENTIAL, K.BUSINESS, K.INDUSTRIAL, K.AGRICULTURAL), mix)[0]
        points = [self._point(at, klass)]
        if rng.random() < 0.05:
            points.append(self._point(rng.choice(self.grid), klass))
        name = self._name(klass, at)
        high = klass == K.INDUSTRIAL and rng.random() < 0.6
        foreign = klass == K.RESIDENTIAL and rng.random() < 0.004
        flags = self._flags(klass)
        return CustomerPlan(
            account_no=self._unique(self._accounts, lambda: f"4200{rng.randrange(10**6):06d}"),
            name=rng.choice(FOREIGN) if foreign else name,
            klass=klass,
            contacts=self._contacts(klass, name),
            points=points,
            voltage=Voltage.HIGH if high else Voltage.LOW,
            importance=self._importance(klass, name),
            key_account=self._key_account(klass, high=high),
            flags=[*flags, Flag.NON_CHINESE_SPEAKER] if foreign else flags,
            language=Language.ENGLISH if foreign else Language.CHINESE,
        )

    def _name(self, klass: str, at: TransformerPlan) -> str:
        if klass == K.BUSINESS:
            return names.shop(self.rng, at.place.short)
        if klass == K.INDUSTRIAL:
            return names.firm(self.rng, at.place.short)
        if klass == K.AGRICULTURAL and self.rng.random() < 0.5:
            return names.farm(self.rng, at.street.removesuffix("村"))
        return names.person(self.rng)

    def _contacts(self, klass: str, name: str) -> list[tuple[str, str, str]]:
        rng = self.rng
        owner = name if klass in (K.RESIDENTIAL, K.AGRICULTURAL) and len(name) < 5 else names.person(rng)
        # A landlord, a daughter, a property manager: one phone for several accounts.
        phone = rng.choice(self.phones) if self.phones and rng.random() < 0.03 else names.phone(rng)
        self.phones.append(phone)
        found = [(owner, phone, ContactRole.OWNER if klass == K.RESIDENTIAL else ContactRole.MANAGER)]
        if rng.random() < 0.05:
            other = names.phone(rng)
            role = ContactRole.FAMILY if klass == K.RESIDENTIAL else ContactRole.ELECTRICIAN
            found += [(names.person(rng), other, role)] if other != phone else []
        return found

    def _point(self, at: TransformerPlan, klass: str) -> PointPlan:
        rng, place = self.rng, at.place
        meter = self._unique(self._meters, lambda: f"42050{rng.randrange(10**8):08d}")
        if place.area_class != AreaClass.URBAN:
            house = f"{at.street} {rng.randrange(1, 9)} 组 {rng.randrange(1, 60)} 号"
            return PointPlan(f"{place.name}{house}", "", meter, at.code)
        house = f"{at.street} {at.first_house + 2 * rng.randrange(3)} 号"
        if klass != K.RESIDENTIAL:
            return PointPlan(f"{place.name}{house}{rng.choice(('', '（铺面）', ' 1 楼'))}", "", meter, at.code)
        building = f"{house} {rng.randrange(1, 4)} 栋 {rng.randrange(1, 3)} 单元"
        return PointPlan(f"{place.name}{building}", f"{rng.randrange(1, 8)}0{rng.randrange(1, 5)}", meter, at.code)

    def _flags(self, klass: str) -> list[str]:
        if klass != K.RESIDENTIAL:
            return []
        odds = ((Flag.ELDERLY_ALONE, 0.03), (Flag.MEDICAL, 0.01), (Flag.DISABLED, 0.008), (Flag.LIFE_SUPPORT, 0.005),
                (Flag.REPEAT_COMPLAINANT, 0.01))  # fmt: skip
        return [flag for flag, chance in odds if self.rng.random() < chance][:2]

    def _importance(self, klass: str, name: str) -> str:
        if "卫生服务站" in name:
            return Importance.FIRST
        if name.endswith(("小学", "老年公寓")):
            return Importance.SECOND
        if klass == K.INDUSTRIAL and self.rng.random() < 0.12:
            return Importance.SECOND
        return Importance.NONE

    def _key_account(self, klass: str, *, high: bool) -> str:
        if not high:
            return KeyAccount.NONE
        grades = (KeyAccount.NONE, KeyAccount.COUNTY, KeyAccount.CITY, KeyAccount.PROVINCE)
        return self.rng.choices(grades, (4, 4, 2, 1))[0]

    def _unique(self, taken: set[str], draw) -> str:
        while (value := draw()) in taken:
            pass
        taken.add(value)
        return value


FOREIGN = ("Daniel Brooks", "Anna Keller", "Tomás Rivera", "Grace Okafor")
# The people of the pictures: account, name, class, phone, flag, importance, then place, street, number of the
# transformer, rest of the address, door, last digits of the meter – once for each supply point.
KNOWN = (
    ("4200361772", "陈淑兰", K.RESIDENTIAL, "13900002716", Flag.ELDERLY_ALONE, "",
     (("A01", "桔城路", 3, "18 号 2 栋 1 单元", "302", "3381"), ("A07", "夷兴路", 11, "45 号（铺面）", "", "0926"))),
    ("4200117305", "陈淑芬", K.RESIDENTIAL, "13600004471", "", "",
     (("A03", "窑湾路", 1, "7 号 1 栋 2 单元", "601", "5520"),)),
    ("4200590248", "陈淑英", K.RESIDENTIAL, "15800001938", "", "",
     (("A11", "建设路", 2, "22 号 3 栋 1 单元", "204", "7713"),)),
    ("4200208813", "葛洲坝二小", K.BUSINESS, "18900006620", "", Importance.SECOND,
     (("A02", "樵湖路", 1, "6 号（东门配电间）", "", "0121"),)),
    ("4200733190", "三峡茶社", K.BUSINESS, "13500008102", "", "",
     (("A10", "解放路", 2, "31 号", "", "4408"),)),
    ("4200415567", "刘建国", K.RESIDENTIAL, "13800003359", "", "",
     (("A07", "果园二路", 1, "12 号 2 栋 3 单元", "503", "9046"),)),
    ("4200882031", "杨帆", K.RESIDENTIAL, "17700007785", "", "",
     (("A09", "南苑路", 2, "19 号 1 栋 1 单元", "702", "6137"),)),
    ("4200640972", "胡敏", K.RESIDENTIAL, "15100002204", Flag.REPEAT_COMPLAINANT, "",
     (("A06", "学院街", 1, "5 号 4 栋 2 单元", "301", "2875"),)),
    ("4200196645", "望小军", K.RESIDENTIAL, "13300009917", "", "",
     (("A03", "大树湾路", 1, "3 号 2 栋 1 单元", "104", "8362"),)),
    ("4200957428", "覃芳", K.RESIDENTIAL, "18600005540", "", "",
     (("A11", "西坝路", 1, "9 号 1 栋 3 单元", "403", "1659"),)),
    ("4200374826", "张桂英", K.RESIDENTIAL, "13000006048", Flag.ELDERLY_ALONE, "",
     (("A12", "大公路", 1, "27 号 1 栋 2 单元", "601", "3094"),)),
)  # fmt: skip


def known(row: tuple, grid: list[TransformerPlan]) -> CustomerPlan:
    """A person of the pictures as a plan."""
    account, name, klass, phone, flag, importance, places = row
    points = []
    for code, street, number, rest, door, meter in places:
        at = next(t for t in grid if t.place.code == code and t.name == f"{street} {number:02d} 台区")
        points.append(PointPlan(f"{at.place.name}{street} {rest}", door, f"42050{account[-4:]}{meter}", at.code))
    role = ContactRole.OWNER if klass == K.RESIDENTIAL else ContactRole.MANAGER
    return CustomerPlan(
        account, name, klass, [(name, phone, role)], points,
        importance=importance or Importance.NONE, flags=[flag] if flag else [],
    )  # fmt: skip
