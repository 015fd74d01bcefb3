"""The people who work in the demo, and who of them is on duty when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from random import Random

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from common.contributions import DemoPerson
from simulation.city import names
from simulation.city import units as u
from staff.choices import Role


@dataclass(frozen=True)
class Post:
    """One job: who holds it, where, with which roles (held in ``reach`` when that is another unit)."""

    staff_no: str
    name: str
    unit: str
    title: str
    roles: tuple[str, ...]
    reach: str = ""


NAMED = (
    Post("XL0001", "何静", u.CENTRE, "中心主任", (Role.MANAGER,)),
    Post("XL0002", "谢文涛", u.CENTRE, "中心副主任", (Role.MANAGER,)),
    Post("XL0005", "黄志远", u.CENTRE, "值班主管", (Role.SUPERVISOR,)),
    Post("XL0006", "郭燕", u.CENTRE, "值班主管", (Role.SUPERVISOR,)),
    Post("XL0007", "田立新", u.CENTRE, "值班主管", (Role.SUPERVISOR,)),
    Post("XL0011", "罗敏", u.CENTRE, "系统管理员", (Role.ADMINISTRATOR,), u.COMPANY),
    Post("XL0012", "邓洁", u.CENTRE, "审计", (Role.AUDITOR,)),
    Post("XL0013", "沈岚", u.CENTRE, "档案管理员", (Role.ARCHIVE_KEEPER,)),
    Post("XL0014", "江雪", u.CENTRE, "知识编辑", (Role.EDITOR,)),
    Post("XL0015", "方远", u.CENTRE, "考评员", (Role.ASSESSOR,)),
    Post("XL0102", "李婉清", u.HALL, "3 号台", (Role.CLERK,)),
    Post("XL0101", "董小琴", u.HALL, "1 号台", (Role.CLERK,)),
    Post("XL0103", "夏诗雨", u.HALL, "2 号台", (Role.CLERK,)),
    Post("XL0106", "梁美玲", u.HALL_EAST, "1 号台", (Role.CLERK,)),
    Post("XL0107", "余佳怡", u.HALL_EAST, "2 号台", (Role.CLERK,)),
    Post("XL0108", "周婷", u.MARKETING, "客服专责", (Role.AGENT, Role.HANDLER)),
    Post("XL0201", "覃国栋", u.DESK, "派工员", (Role.DISPATCHER,), u.CENTRE),
    Post("XL0202", "唐丽", u.DESK, "派工员", (Role.DISPATCHER,), u.CENTRE),
    Post("XL0203", "曾浩", u.DESK, "派工员", (Role.DISPATCHER,), u.CENTRE),
    Post("XL0204", "彭莉", u.DESK, "派工员", (Role.DISPATCHER,), u.CENTRE),
    Post("XL0205", "潘俊", u.DESK, "派工员", (Role.DISPATCHER,), u.CENTRE),
    Post("XL0210", "秦家栋", u.DESK, "派工班长", (Role.DISPATCH_SUPERVISOR,), u.CENTRE),
    Post("XL0211", "肖云", u.DESK, "派工副班长", (Role.DISPATCH_SUPERVISOR,), u.CENTRE),
    Post("XL0221", "朱莉", u.BUSINESS, "客户经理", (Role.ACCOUNT_MANAGER, Role.HANDLER)),
)
# The first of each crew leads it; deputies lead when the lead is off.
CREW_LEADS = {
    "CB1": "向军", "CB2": "望平", "CZ1": "付强", "CZ2": "谭勇", "CN1": "郑伟", "WJ1": "鲁斌", "DJ1": "覃光明",
    "DJ2": "望大勇", u.LIVE_LINE: "何亮",
}  # fmt: skip
CREW_SIZE = {"WJ1": 3, "DJ2": 3}
STATION_HEADS = {"CB": "宋志刚", "CZ": "袁伟", "CN": "韩建军", "WJ": "许国强", "DJ": "向立新"}
DEPARTMENT_HEADS = {
    u.MARKETING: "高雅文",
    u.INSPECTION: "石勇",
    u.BUSINESS: "叶明",
    u.BILLING: "冯静",
    u.METERING: "钟斌",
}
AGENTS = 8
KNOWN_CUSTOMERS = {"陈淑兰", "陈淑芬", "陈淑英", "刘建国", "张桂英", "胡敏", "杨帆"}  # no colleague is called the same


def posts() -> list[Post]:
    """Everybody; those without a name above get one that never changes."""
    rng = Random("staff")  # the same people whatever the seed: the README and the pictures know them
    found, taken = list(NAMED), {post.name for post in NAMED} | KNOWN_CUSTOMERS

    def somebody() -> str:
        name = names.person(rng)
        while name in taken:
            name = names.person(rng)
        taken.add(name)
        return name

    for i in range(AGENTS):
        found.append(Post(f"XL01{21 + i}", somebody(), u.REMOTE, f"{i + 1} 号席", (Role.AGENT,), u.CENTRE))
    teams = [(code, lead, CREW_SIZE.get(code, 4)) for code, lead in CREW_LEADS.items()]
    teams += [(code, lead, 3) for code, lead in DEPARTMENT_HEADS.items()]
    teams += [(code, lead, 2) for code, lead in STATION_HEADS.items()]
    for number, (code, lead, size) in zip(range(300, 1000, 10), teams, strict=False):
        found.append(Post(f"XL0{number + 1}", lead, code, "负责人", (Role.UNIT_LEAD, Role.HANDLER)))
        found.append(Post(f"XL0{number + 2}", somebody(), code, "副手", (Role.UNIT_LEAD, Role.HANDLER)))
        for i in range(size - 2):
            found.append(Post(f"XL0{number + 3 + i}", somebody(), code, "", (Role.HANDLER,)))
    return found


@dataclass(frozen=True)
class Shift:
    """A post on the duty plan for one spell."""

    staff_no: str
    unit: str
    role: str
    starts_at: datetime
    ends_at: datetime


DAY, NIGHT = (time(8), time(17, 30)), (time(17, 30), time(8))


def shifts(day: date) -> Iterator[Shift]:
    """The duty plan of one day: every role that alarms may reach is covered round the clock."""
    n = day.toordinal()
    weekend = day.weekday() >= 5
    for role, unit, by_day, by_night in (
        (Role.DISPATCHER, u.CENTRE, 2, 1),
        (Role.AGENT, u.CENTRE, 3, 1),
        (Role.SUPERVISOR, u.CENTRE, 1, 1),
    ):
        turn = _turn(role, n)
        yield from _each(turn[:by_day], unit, role, day, DAY)
        yield from _each(turn[by_day : by_day + by_night], unit, role, day, NIGHT)
    for role in (Role.DISPATCH_SUPERVISOR, Role.MANAGER):
        yield from _each(_turn(role, n // 7)[:1], u.CENTRE, role, day, (time(8), time(8)))
    if day.weekday() != 6:
        yield from _each(_turn(Role.CLERK, n, u.HALL)[: 1 if weekend else 2], u.HALL, Role.CLERK, day, DAY)
        yield from _each(_turn(Role.CLERK, n, u.HALL_EAST)[:1], u.HALL_EAST, Role.CLERK, day, DAY)
    for code in DEPARTMENT_HEADS:
        for role in (Role.UNIT_LEAD, Role.HANDLER):
            yield from _each(_turn(role, n, code)[:1], code, role, day, (time(8), time(8)))
    for code in (*STATION_HEADS, *CREW_LEADS):
        lead, deputy = _people(Role.UNIT_LEAD, code)
        if weekend:
            lead, deputy = deputy, lead
        for role in (Role.UNIT_LEAD, Role.HANDLER):
            yield from _each([lead], code, role, day, DAY)
            yield from _each([deputy], code, role, day, NIGHT)


@lru_cache(maxsize=16)
def shifts_of(day: date) -> tuple[Shift, ...]:
    """`shifts`, kept in memory while a day is being simulated."""
    return tuple(shifts(day))


def _each(who: list[str], unit: str, role: str, day: date, hours: tuple[time, time]) -> Iterator[Shift]:
    zone = get_default_timezone()
    last = day if hours[1] > hours[0] else day + timedelta(days=1)
    for staff_no in who:
        yield Shift(staff_no, unit, role, datetime.combine(day, hours[0], zone), datetime.combine(last, hours[1], zone))


@cache
def _people(role: str, unit: str = "") -> list[str]:
    """Staff numbers of those who hold a role (in a unit). 周婷 keeps office hours and stands no shifts at the desk."""
    return [
        post.staff_no
        for post in posts()
        if role in post.roles and unit in ("", post.unit) and not (role == Role.AGENT and post.unit == u.MARKETING)
    ]


def _turn(role: str, n: int, unit: str = "") -> list[str]:
    """Those who hold the role, starting with whose turn it is."""
    people = _people(role, unit)
    first = n % len(people)
    return people[first:] + people[:first]


_TRIES = {
    "XL0102": (_("Clerk"), _("Find 陈淑 and take a fault report; see the promise before saving.")),
    "XL0121": (_("Agent, hotline"), _("Answer what is finished, call customers back.")),
    "XL0108": (_("Agent, customer care"), _("Complaints and what they still owe.")),
    "XL0201": (_("Dispatcher"), _("Assign new orders to crews on the board.")),
    "XL0301": (_("Crew lead (phone)"), _("Mark arrival and finish on a phone-size page.")),
    "XL0005": (_("Supervisor on duty"), _("See which promise is about to be broken.")),
    "XL0001": (_("Manager"), _("The board of the whole center.")),
    "XL0011": (_("Administrator"), _("Units, members, duty, rules and the calendar.")),
    "XL0012": (_("Auditor"), _("Who did and looked at what.")),
    "XL0013": (_("Archive keeper"), _("Create and correct customers, import them from files.")),
    "XL0014": (_("Editor"), _("Edit the texts of messages, with a preview.")),
    "XL0221": (_("Account manager"), _("Key accounts and their orders.")),
}


def demo_people() -> list[DemoPerson]:
    """Whom a visitor may log in as; all share ``settings.DEMO_PASSWORD``."""
    by_number = {post.staff_no: post for post in posts()}
    return [DemoPerson(no, by_number[no].name, role, tries) for no, (role, tries) in _TRIES.items()]
