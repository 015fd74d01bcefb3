"""``manage.py load_workdays YEAR FILE [--provisional] [--source TEXT] [--dry-run]``"""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.choices import YearStatus
from common.errors import Refusal
from common.services.calendar import load_workdays, preview_workdays
from common.workdays import read_year


class Command(BaseCommand):
    """Load a year of the work calendar from a CSV or XLSX file: day, kind, spells, note."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path)
        parser.add_argument("--provisional", action="store_true", help="the notice is not out yet")
        parser.add_argument("--source", default="", help="where the days come from; the file's name when not given")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

    def handle(self, *, year: int, file: Path, provisional: bool, source: str, dry_run: bool, **_options: Any) -> None:
        status, now = YearStatus.PROVISIONAL if provisional else YearStatus.PUBLISHED, timezone.now()
        try:
            rows = read_year(SimpleUploadedFile(file.name, file.read_bytes()))
            if dry_run:
                change = preview_workdays(year=year, rows=rows, status=status, now=now)
            else:
                change = load_workdays(
                    year=year, rows=rows, status=status, source=source or file.name, actor=None, now=now
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        for day, plan in change.after.items():
            self.stdout.write(f"{day} {plan.kind} {' '.join('-'.join(s) for s in plan.spells)} {plan.note}".rstrip())
        verb = "would change" if dry_run else "changed"
        self.stdout.write(f"{year} {status.value}: {len(change.days)} days {verb}, {len(change.hours_days)} in hours")
        for sentence in change.effects:
            self.stdout.write(sentence)
