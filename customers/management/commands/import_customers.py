"""``manage.py import_customers FILE``: the import of the settings page, for operators."""

from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from customers.choices import ImportKind, ImportState
from customers.selectors.imports import get_run, wrong_rows
from customers.services.imports import apply_import, read_import, start_import
from customers.services.imports.applying import begin


class Command(BaseCommand):
    """Reads, checks and writes a file; ``--dry-run`` stops before writing, ``--resume CODE`` goes on with a run."""

    help = "Import customers, supply points or the network from a CSV or XLSX file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--kind", choices=ImportKind.values, default=ImportKind.CUSTOMERS)
        parser.add_argument("--dry-run", action="store_true", help="check only")
        parser.add_argument("--resume", metavar="CODE", help="go on with a run that was stopped")

    def handle(self, *args, **options) -> None:
        run = get_run(options["resume"]) if options["resume"] else self._start(options)
        run = read_import(code=run.code, now=timezone.now())
        if run.state == ImportState.FAILED:
            raise CommandError(run.problem)
        for row in wrong_rows(run):
            self.stderr.write(f"{row.line_no}: {' '.join(row.problems)}")
        self.stdout.write(f"{run.code}: {run.rows} rows, {run.wrong} to mend")
        if options["dry_run"]:
            return
        if run.state == ImportState.CHECKED:
            begin(run, timezone.now())
        run = apply_import(code=run.code)
        self.stdout.write(f"{run.code}: {run.written} rows written")

    def _start(self, options):
        path = options["file"]
        if path is None or not path.is_file():
            raise CommandError("Name a file, or a run with --resume.")
        with path.open("rb") as opened:
            upload = File(opened, name=path.name)
            return start_import(kind=options["kind"], upload=upload, actor=None, now=timezone.now())
