"""What the cells of a row mean: cleaned values, or what is wrong in plain words. Pure but for gettext."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.errors import Refusal
from common.pinyin import spell
from customers.addresses import spaced
from customers.choices import CustomerKlass, Flag, Importance, ImportKind, KeyAccount, Language, Voltage
from customers.cleaning import clean_account, clean_meter, clean_name, clean_place
from customers.phones import clean_phone
from customers.services.imports.columns import heading
from staff.choices import AreaClass

LANGUAGES = ("zh-hans", "en")
DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
CODE_CHARS, TITLE_CHARS = 20, 60
Cells = dict[str, str]


class Problems:
    """Collects what is wrong with one row; a cell that is refused reads as None."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.words: list[str] = []

    def take(self, column: str, clean: Callable[[str], Any], text: str) -> Any:
        """The cleaned value of a filled cell; None when it is empty or refused."""
        if not text:
            return None
        try:
            return clean(text)
        except Refusal as refusal:
            self.words.append(f"{heading(self.kind, column)}: {refusal.message}")
            return None

    def need(self, cells: Cells, *columns: str) -> None:
        """These must be filled."""
        empty = [heading(self.kind, column) for column in columns if not cells[column]]
        if empty:
            self.words.append(_("Empty: %(names)s.") % {"names": ", ".join(empty)})


def clean_row(kind: str, cells: Cells) -> tuple[dict[str, Any], list[str]]:
    """One row as the writing services take it, and what is wrong with it."""
    problems = Problems(kind)
    return CLEANERS[kind](cells, problems), problems.words


def _customer(cells: Cells, problems: Problems) -> dict[str, Any]:
    problems.need(cells, "account_no", "name")
    name = problems.take("name", clean_name, cells["name"])
    spelling = spell(name) if name else None
    row = {
        "account_no": problems.take("account_no", clean_account, cells["account_no"]),
        "name": name,
        "pinyin": spelling.full if spelling else None,
        "initials": spelling.initials if spelling else None,
        "klass": problems.take("klass", choice(CustomerKlass), cells["klass"]),
        "voltage": problems.take("voltage", choice(Voltage), cells["voltage"]),
        "importance": problems.take("importance", choice(Importance), cells["importance"]),
        "key_account": problems.take("key_account", choice(KeyAccount), cells["key_account"]),
        "flags": problems.take("flags", flags, cells["flags"]),
        "language": problems.take("language", choice(Language), cells["language"]),
        "verified_on": problems.take("verified_on", day, cells["verified_on"]),
        "contact": problems.take("contact", clean_name, cells["contact"]),
        "phone": problems.take("phone", clean_phone, cells["phone"]),
    }
    if cells["address"] or cells["meter_no"] or cells["transformer"]:
        row |= _place_cells(cells, problems)
    return row


def _place(cells: Cells, problems: Problems) -> dict[str, Any]:
    problems.need(cells, "account_no")
    return {"account_no": problems.take("account_no", clean_account, cells["account_no"])} | _place_cells(
        cells, problems
    )


def _place_cells(cells: Cells, problems: Problems) -> dict[str, Any]:
    problems.need(cells, "address", "transformer")
    place = problems.take("address", lambda text: clean_place(text, cells["door"]), cells["address"])
    return {
        "address": place.street if place else None,
        "door": place.door if place else None,
        "meter_no": problems.take("meter_no", clean_meter, cells["meter_no"]) or "",
        "transformer": problems.take("transformer", code, cells["transformer"]),
    }


def _network(cells: Cells, problems: Problems) -> dict[str, Any]:
    problems.need(cells, "transformer")
    row: dict[str, Any] = {column: problems.take(column, code, cells[column]) for column in CODES}
    row |= {column: problems.take(column, title, cells[column]) for column in TITLES}
    row["area_class"] = problems.take("area_class", choice(AreaClass), cells["area_class"])
    return row


CODES = ("transformer", "feeder", "area", "station", "crew", "district")
TITLES = ("transformer_name", "feeder_name", "area_name", "district_name")
CLEANERS = {ImportKind.CUSTOMERS: _customer, ImportKind.SUPPLY_POINTS: _place, ImportKind.NETWORK: _network}


def code(text: str) -> str:
    """A code in capitals."""
    if len(text) > CODE_CHARS:
        raise Refusal(_("at most %(n)s characters") % {"n": CODE_CHARS})
    return text.upper()


def title(text: str) -> str:
    """A name of a part of the network."""
    if len(text) > TITLE_CHARS:
        raise Refusal(_("at most %(n)s characters") % {"n": TITLE_CHARS})
    return spaced(text)


def day(text: str) -> str:
    """A day as people write it; ISO for the database."""
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Refusal(_("“%(text)s” is no day; write 2026-09-30") % {"text": text[:20]})


def flags(text: str) -> list[str]:
    """Several words, however they are divided."""
    for sign in "，、;；/|":
        text = text.replace(sign, ",")
    known = choice(Flag)
    return sorted({known(word.strip()) for word in text.split(",") if word.strip()})


def choice(choices: type[TextChoices]) -> Callable[[str], str]:
    """A reader of a word that stands for one of the choices: its code, or its name in either language."""

    def read(text: str) -> str:
        found = words_of(choices).get(text.strip().lower())
        if found is None:
            names = ", ".join(str(label) for label in choices.labels)
            raise Refusal(_("“%(text)s” is none of: %(names)s") % {"text": text[:20], "names": names})
        return found

    return read


@lru_cache
def words_of(choices: type[TextChoices]) -> dict[str, str]:
    """Every word for each choice."""
    words = {value.lower(): value for value in choices.values}
    for language in LANGUAGES:
        with override(language):
            words |= {str(label).lower(): value for value, label in choices.choices}
    return words


def as_text(value: Any) -> str:
    """A cell as text; dates from workbooks without their empty time of day."""
    return value.isoformat() if isinstance(value, date) else str(value)


def filled(columns: Iterable[str], row: dict[str, Any]) -> Cells:
    """The cells of a row, every column present."""
    return {column: as_text(row.get(column, "")).strip() for column in columns}
