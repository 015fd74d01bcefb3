"""An address in two parts: as far as the building and unit, and the door that is masked. Pure."""

import re
from typing import NamedTuple

# “…2栋1单元302”, “…2号楼 302 室”, “…花园 A 座 12-3”: the door is the last number, with or without its word.
DOOR = re.compile(r"^(?P<street>.*?(?:单元|栋|幢|座|号楼|楼|层))(?P<door>[A-Za-z]?\d{1,4}(?:-\d{1,4})?)(?:室|房|户)?$")
ROOM = re.compile(r"^(?P<street>.+?)(?P<door>[A-Za-z]?\d{1,4}(?:-\d{1,4})?)(?:室|房)$")
BUILDING = re.compile(r"(?<=[栋幢座楼号])[^栋幢座楼号]*?(?:单元|层|室|房|户)[^栋幢座楼号]*$")
MEETING = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])")
DISTRICT = re.compile(r"^.*?(?:街道|镇|乡)(?=.{3})")
UNIT = re.compile(r"[0-9一二三四五六七八九十A-Za-z]+\s*单元.*$")


class Place(NamedTuple):
    """``street`` may be shown to staff, ``door`` only on a purpose."""

    street: str
    door: str


def spaced(address: str) -> str:
    """The one spelling of an address: a space between Chinese and figures, no others (“桔城路 18 号 2 栋”)."""
    if not _is_chinese(address):
        return " ".join(address.split())
    return MEETING.sub(" ", "".join(address.split()))


def short(address: str) -> str:
    """Without the sub-district in front: “桔城路 18 号 2 栋 1 单元”."""
    return DISTRICT.sub("", address) or address


def split_door(address: str, door: str = "") -> Place:
    """Take the door off an address that was typed in one go; a door given apart wins and is taken off too."""
    street = "".join(address.split()) if _is_chinese(address) else " ".join(address.split())
    door = re.sub(r"(?:室|房|户)$", "", "".join(door.split()))
    found = DOOR.match(street) or ROOM.match(street)
    if found and door in ("", found["door"]):
        return Place(spaced(found["street"]), found["door"])
    return Place(spaced(street), door)


def to_building(address: str) -> str:
    """The address as far as the building, for what leaves the house: unit, floor and room are cut."""
    return UNIT.sub("", BUILDING.sub("", address)).strip()


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= ch <= "\u9fff" for ch in text)
