"""``manage.py run_sms_gateway --port 8090``: the loopback SMS gateway of the demo."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from notifications.gateway import GatewayServer


class Command(BaseCommand):
    help = "Serve a small SMS gateway on 127.0.0.1 that keeps what it receives. For development and the demo."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8090)
        parser.add_argument("--key", default="", help="the signing key; SMS_GATEWAY_KEY when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        with GatewayServer(options["port"], options["key"] or settings.SMS_GATEWAY_KEY) as server:
            self.stdout.write(f"SMS gateway at {server.url}")
            stop.wait()
