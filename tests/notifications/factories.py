"""Made-up members, kinds and notes for tests about messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from notifications import kinds
from notifications.models import Message
from notifications.services.outbox import Note, enqueue
from staff.choices import Role, UnitKind
from staff.models import Member, RoleGrant, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)
TO_CUSTOMER, TO_STAFF = "test.on_the_way", "test.told"
PHONE = "13972052716"
_number = count(1)


def declare_kinds() -> None:
    """One kind for customers (SMS, e-mail) and one for staff (all channels)."""
    languages = ("zh-hans", "en")
    kinds.register(
        TO_CUSTOMER,
        label="On the way",
        variables={"name": "who asked", "by": "when we are there", "note": "more words"},
        sample={"name": "陈淑兰", "by": "今天 15:17", "note": "请留门"},
        optional={"note"},
        audience="customer",
        defaults={("sms", code): ("", "{name}，师傅在路上了，{by} 前到。{note}") for code in languages}
        | {("email", code): ("师傅在路上了，{name}", "{name}，{by} 前到。") for code in languages},
    )
    kinds.register(
        TO_STAFF,
        label="Told",
        variables={"what": "what happened"},
        sample={"what": "催办"},
        defaults={
            (channel, code): (
                {"zh-hans": "有事", "en": "News"}[code],
                {"zh-hans": "出事：{what}", "en": "News: {what}"}[code],
            )
            for channel in ("inapp", "email", "sms")
            for code in languages
        },
    )


@contextmanager
def kinds_put_back() -> Iterator[None]:
    """Whatever a test declares is gone afterwards."""
    before = dict(kinds._kinds)
    try:
        yield
    finally:
        kinds._kinds.clear()
        kinds._kinds.update(before)


def make_unit(name: str = "西陵供电服务中心") -> Unit:
    """The company, or another root unit."""
    number = next(_number)
    return Unit.objects.add_root({"code": f"U{number}", "name": name, "kind": UnitKind.COMPANY})


def make_member(*roles: Role, unit: Unit | None = None, **fields: Any) -> Member:
    """A member holding these roles in ``unit`` (a new company when none is given)."""
    unit = unit or make_unit()
    number = next(_number)
    fields = {"name": f"周婷{number}", "phone": f"139{number:08d}", "email": f"m{number}@example.org"} | fields
    member = Member.objects.create(staff_no=f"N{number:05d}", home_unit=unit, **fields)
    RoleGrant.objects.bulk_create(RoleGrant(member=member, role=role, unit=unit) for role in roles)
    return member


def note(**fields: Any) -> Note:
    """An SMS to a customer, complete; any field may be given."""
    number = next(_number)
    base = {
        "kind": TO_CUSTOMER,
        "data": {"name": "陈淑兰", "by": NOON + timedelta(hours=3)},
        "about": "BX-261120-0147",
        "dedupe_key": f"test:{number}",
        "channel": "sms",
        "address": PHONE,
    }
    if fields.get("member"):
        base |= {"kind": TO_STAFF, "data": {"what": "催办"}, "channel": "inapp", "address": ""}
    return Note(**(base | fields))


def put(now: datetime = NOON, **fields: Any) -> Message:
    """Enqueue one note and give its row."""
    one = note(**fields)
    enqueue([one], now=now)
    return Message.objects.get(dedupe_key=one.dedupe_key)
