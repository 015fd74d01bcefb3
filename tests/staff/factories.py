"""Units and people for tests, made by the real services.

town = company()
chen = member("XL0317", "陈叔", unit=town.crew, roles=[Role.HANDLER])
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from staff.choices import Role, UnitKind
from staff.models import Member, Unit
from staff.services.grants import grant_role
from staff.services.members import create_member
from staff.services.units import create_unit

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)  # Friday 14:32 in Shanghai
PASSWORD = "Lamp-light-7"
_numbers = count(1)


@dataclass
class Town:
    """A company with one county, a station with a crew in it, and a county beside it."""

    top: Unit
    county: Unit
    station: Unit
    crew: Unit
    beside: Unit


def company() -> Town:
    """The tree most tests need."""
    top = unit("XL", "西陵供电公司", UnitKind.COMPANY)
    county = unit("DJ", "点军供电所", UnitKind.COUNTY, top)
    station = unit("DJ01", "桥边供电站", UnitKind.STATION, county)
    crew = unit("DJ01A", "桥边一班", UnitKind.CREW, station)
    beside = unit("WJ", "伍家供电所", UnitKind.COUNTY, top)
    return Town(top, county, station, crew, beside)


def unit(code: str, name: str = "", kind: UnitKind = UnitKind.STATION, parent: Unit | None = None) -> Unit:
    """One unit, named by its code unless told."""
    return create_unit(code=code, name=name or code, kind=kind, parent=parent, now=NOW)


def member(
    staff_no: str = "", name: str = "周婷", *, unit: Unit, roles: Iterable[Role] = (), password: str | None = None
) -> Member:
    """One member who holds these roles in the unit; give a password only where a test logs in with it."""
    staff_no = staff_no or f"T{next(_numbers):05}"
    made = create_member(staff_no=staff_no, name=name, home_unit=unit, password=password, now=NOW)
    for role in roles:
        grant_role(member=made, role=role, unit=unit, now=NOW)
    return made
