"""How the files of a source read: written by a person who names the columns, or shipped with the house."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from outages.choices import Cause
from outages.models import HistoryRun, HistorySource
from outages.models.history import RunState
from outages.policies import can_import_history
from outages.services.history.facts import NEEDED
from outages.services.history.nudging import nudge_reading
from outages.services.history.reading import locked
from staff.models import Member

SHIPPED = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True)
class Mapped:
    """How the files of a source read; fields as in `HistorySource`."""

    name: str
    columns: Mapping[str, str]
    forms: list[str]
    zone: str
    planned_words: list[str] = field(default_factory=list)
    ends_are_sightings: bool = False
    skips: list[dict] = field(default_factory=list)


def map_columns(*, code: str, mapped: Mapped, actor: Member, now: datetime) -> HistoryRun:
    """Keep how this file reads, with its source, and read it.

    A file whose source was chosen changes that source: its next files read the same. Raises: Denied; Refusal.
    Locks: the run. Idempotent: a file that is being read, or is written, is left alone.
    """
    with transaction.atomic():
        run = locked(code)
        require(can_import_history(actor, run.unit))
        if run.state not in (RunState.UNMAPPED, RunState.CHECKED):
            return run
        missing = [str(fact.label) for fact in NEEDED if not mapped.columns.get(fact)]
        if missing:
            raise Refusal(_("Say which columns these are: %(names)s") % {"names": ", ".join(missing)})
        run.source = _kept(run, mapped, actor, now)
        _read_again(run, now)
    return run


def name_causes(*, code: str, causes: Mapping[str, str], actor: Member, now: datetime) -> HistoryRun:
    """Keep what words of the file mean with us, and read it again.

    Raises: Denied; Refusal. Locks: the run, its source. Idempotent: as `map_columns`.
    """
    with transaction.atomic():
        run = locked(code)
        require(can_import_history(actor, run.unit))
        if run.state != RunState.CHECKED or run.source is None:
            return run
        if any(cause not in Cause.values for cause in causes.values()):
            raise Refusal(_("Choose a cause from the list."))
        source = HistorySource.objects.select_for_update(no_key=True).get(pk=run.source.pk)
        source.causes, source.changed_by = {**source.causes, **causes}, actor
        source.save(update_fields=["causes", "changed_by"])
        _read_again(run, now)
    return run


def load_shipped_sources() -> int:
    """Write the mappings that are not there yet; edited ones are left alone. Idempotent. Returns how many were new."""
    files = sorted(SHIPPED.glob("history_*.json"))
    rows = [HistorySource(**json.loads(file.read_text(encoding="utf-8"))) for file in files]
    before = HistorySource.objects.count()
    HistorySource.objects.bulk_create(rows, ignore_conflicts=True)
    return HistorySource.objects.count() - before


def _kept(run: HistoryRun, mapped: Mapped, actor: Member, now: datetime) -> HistorySource:
    """The file's source as it reads now; a new one, when it had none. Raises: Refusal for a name that is taken."""
    facts = asdict(mapped) | {"columns": {fact: heading for fact, heading in mapped.columns.items() if heading}}
    source = run.source or HistorySource(code=f"{localtime(now):%y%m%d-%H%M%S}-{token_hex(2)}")
    named = HistorySource.objects.filter(name__iexact=mapped.name).first()
    if named and named != source:
        raise Refusal(_("There is a source of this name. Choose it when you give the file."), field="name")
    for name, value in facts.items():
        setattr(source, name, value)
    source.changed_by = actor
    source.save()
    return source


def _read_again(run: HistoryRun, now: datetime) -> None:
    run.state, run.problem, run.beat_at = RunState.READING, "", now
    run.save(update_fields=["source", "state", "problem", "beat_at"])
    nudge_reading(run.code)
