"""``manage.py simulate [--days 30] [--customers 2000] [--seed 1] [--until ISO] [--forward] [--check]``"""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from common.errors import Refusal
from simulation.growing import forward, grow
from simulation.invariants import broken


class Command(BaseCommand):
    """Grow a demo city in an empty database, or bring one that stood still up to now; then check the invariants."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--customers", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=instant, help="ISO instant; now when not given")
        parser.add_argument("--forward", action="store_true", help="let the city that is there live on up to now")
        parser.add_argument("--check", action="store_true", help="only check the invariants")

    def handle(self, *, days: int, customers: int, seed: int, until: datetime | None, **options: Any) -> None:
        now = until or timezone.now()
        try:
            if options["forward"]:
                now = forward(until=now, say=self._say).simulated_until
            elif not options["check"]:
                now = grow(days=days, customers=customers, seed=seed, until=now, say=self._say).simulated_until
            if until is None and not options["check"]:  # what passed while we were at it
                now = forward(until=timezone.now(), say=self._say).simulated_until
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self._check(now)

    def _check(self, now: datetime) -> None:
        found = broken(now=now)
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} invariants do not hold")
        self.stdout.write("every invariant holds")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def instant(text: str) -> datetime:
    """An ISO instant; without an offset it is local."""
    at = parse_datetime(text)
    if at is None:
        raise CommandError(f"not an instant: {text}")
    return at if timezone.is_aware(at) else timezone.make_aware(at)
