"""What has to be true in Django before the first page: one process, because starting Django costs more than the steps.

Run as ``python -m script.lib.django_steps``; the environment says which database. Prints what it does when it takes
long.
"""

import os
import sys
import time
from collections.abc import Iterator

import django
from django.core.management import CommandError, call_command

from script.lib.environment import say
from script.lib.paths import ROOT, local
from script.lib.setup import step

# There while the demo grows: a run that dies in the middle leaves it for the next to see.
GROWING = local("demo-growing")
PEOPLE = local("server", "people.txt")  # for whoever starts the server to print


def main() -> int:
    django.setup()
    from django.conf import settings

    timed("Migrating the database", "migrate", interactive=False, verbosity=0)
    if settings.DENGHUO_DEMO:
        demo()
        PEOPLE.write_text("".join(f"{line}\n" for line in people()) + f"  password: {settings.DEMO_PASSWORD}\n")
    if not settings.DEBUG:
        inputs = [ROOT / "static", ROOT / "requirements" / "base.txt"]
        step("static", inputs, settings.STATIC_ROOT / "staticfiles.json", collect)
    return 0


def collect() -> None:
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def demo() -> None:
    """Grow a city in an empty database; bring one that stood still up to now.

    The simulation ends with a check of its invariants. What it finds is said loudly; the pages start nevertheless.
    """
    try:
        if not is_empty():
            timed("Bringing the demo up to now", "simulate", "--forward")
            return
        GROWING.touch()
        say("Growing the demo city: 30 days, 2,000 customers (some minutes, once)")
        timed("Growing the demo city", "simulate", "--days=30", "--customers=2000", "--seed=1")
    except CommandError as error:
        say(f"The simulation says: {error}")
        if is_empty():
            raise
    GROWING.unlink(missing_ok=True)


def people() -> Iterator[str]:
    """Whom one may log in as, in the terminal's language."""
    from django.utils import translation

    from common.contributions import demo_people

    terminal = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    with translation.override("zh-hans" if terminal.startswith("zh") else "en"):
        for person in demo_people:
            yield f"  {person.staff_no}  {person.name} · {person.role}"


def is_empty() -> bool:
    from django.apps import apps

    return not apps.get_model("workorders", "WorkOrder")._default_manager.exists()


def timed(what: str, command: str, *arguments: str, **options: object) -> None:
    """Call one command and say afterwards what took longer than a breath."""
    started = time.monotonic()
    call_command(command, *arguments, **options)
    if (took := time.monotonic() - started) > 2:
        say(f"{what}: {took:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
