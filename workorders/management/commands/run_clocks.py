"""`manage.py run_clocks`: sweep and send in a loop, without a broker."""

import signal
import threading

from django.core.management.base import BaseCommand
from django.utils import timezone

from workorders.services.running import one_pass


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they would load every page into a process that draws none
    help = "Fire due clocks and send waiting messages in a loop; ends cleanly on SIGTERM. Needs no Redis."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, default=15, help="seconds between passes")
        parser.add_argument("--once", action="store_true", help="one pass, then end")

    def handle(self, *args, every, once, **options):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            fired, sent = one_pass(now=timezone.now())
            self.stdout.write(f"fired {fired}, sent {sent}")
            if once:
                break
            stop.wait(every)
