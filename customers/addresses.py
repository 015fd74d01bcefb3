"""An address in two parts: as far as the building and unit, and the door that is masked. Pure."""

import re
from typing import NamedTuple

# “…2栋1单元302”, “…2号楼 302 室”, “…花园 A 座 12-3”: the door is the last number, with or without its word.
DOOR = re.compile(r"^(?P<street>.*?(?:单元|栋|幢|座|号楼|楼|层))(?P<door>[A-Za-z]?\d{1,4}(?:-\d{1,4})?)(?:室|房|户)?$")
ROOM = re.compile(r"^(?P<street>.+?)(?P<door>[A-Za-z]?\d{1,4}(?:-\d{1,4})?)(?:室|房)$")
BUILDING = re.compile(r"(?<=[栋幢座楼号])[^栋幢座楼号]*?(?:单元|层|室|房|户)[^栋幢座楼号]*$")
UNIT = re.compile(r"[0-9一二三四五六七八九十A-Za-z]+单元.*$")


class Place(NamedTuple):
    """``street`` may be shown to staff, ``door`` only on a purpose."""

    street: str
    door: str


def split_door(address: str, door: str = "") -> Place:
    """Take the door off an address that was typed in one go; a door given apart wins and is taken off too."""
    street = "".join(address.split()) if _is_chinese(address) else " ".join(address.split())
    door = re.sub(r"(?:室|房|户)$", "", "".join(door.split()))
    found = DOOR.match(street) or ROOM.match(street)
    if found and door in ("", found["door"]):
        return Place(found["street"], found["door"])
    return Place(street, door)


def to_building(address: str) -> str:
    """The address as far as the building, for what leaves the house: unit, floor and room are cut."""
    return UNIT.sub("", BUILDING.sub("", address)).strip()


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= ch <= "\u9fff" for ch in text)
