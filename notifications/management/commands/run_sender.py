"""``manage.py run_sender``: sends without Celery, until SIGTERM or Ctrl-C."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications.services import sender


class Command(BaseCommand):
    help = "Send messages as they become due, without Celery. Any number may run; stops cleanly on SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between looks at the outbox")
        parser.add_argument("--once", action="store_true", help="send what is due now and end")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        sender.run_until(stop, every_s=0 if options["once"] else options["every"])
