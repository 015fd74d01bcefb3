"""Every check, cheapest first: script/test            what CI runs
                             script/test tests/common -k x    only pytest, with these arguments

Sets up what is missing and brings its own PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL name others). A step
that fails does not stop the others; the summary at the end names all that failed and what each cost.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from script.lib import browser, processes, setup
from script.lib.environment import say
from script.lib.paths import PYTHON, ROOT
from script.lib.services import throwaway

FLOOR = 90  # per cent of the rooms' lines and branches that tests must run
PYTEST = ["-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", "--durations=12", "--cov", "--cov-report="]


@dataclass
class Result:
    name: str
    ok: bool
    took_s: float
    note: str = ""


def main(arguments: list[str]) -> int:
    with processes.stop_on_signals():
        setup.prepare()
        if arguments:
            return only_pytest(arguments)
        results = without_database()
        with throwaway("test") as found:
            environment = for_tests(found.environment)
            results += with_database(environment)
            results.append(browser_tests(environment))
        results.append(coverage(environment))
    return summary(results)


def only_pytest(arguments: list[str]) -> int:
    with throwaway("test") as found:
        return call(["-m", "pytest", *arguments], for_tests(found.environment))


# ── the steps ───────────────────────────────────────────────────────────


def without_database() -> list[Result]:
    plain = dict(os.environ)
    lint_imports = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return [
        step("ruff check", lambda: call(["-m", "ruff", "check", "."], plain)),
        step("ruff format", lambda: call(["-m", "ruff", "format", "--check", "--quiet", "."], plain)),
        step("import-linter", lambda: call(["-c", lint_imports, "--no-logo"], plain)),
        step("djlint", lambda: call(["-m", "djlint", "--lint", "--quiet", "templates"], plain)),
        step("catalogue", lambda: call(["-m", "script.lib", "messages", "--check"], plain)),
    ]


def with_database(environment: dict[str, str]) -> list[Result]:
    return [
        step("migrations", lambda: call(["manage.py", "makemigrations", "--check", "--dry-run"], environment)),
        step("check --deploy", lambda: call(["manage.py", *DEPLOY], production(environment))),
        step("mypy", lambda: call(["-m", "mypy", "--no-error-summary"], environment)),
        step("tests", lambda: call([*PYTEST, "--create-db", "-m", "not browser"], environment)),
    ]


DEPLOY = ("check", "--deploy", "--fail-level", "WARNING")


def browser_tests(environment: dict[str, str]) -> Result:
    """The tests marked ``browser``; without a browser a loud note, and a failure where CI=true."""
    started = time.monotonic()
    path = browser.ensure()
    if path is None:
        ci = os.environ.get("CI", "").lower() in {"1", "true"}
        loud = "browser tests NOT RUN: no Chromium here and none could be installed"
        print(f"\n{'!' * 78}\n!!! {loud}\n{'!' * 78}\n", flush=True)
        return Result("browser tests", not ci, time.monotonic() - started, loud)
    code = call([*PYTEST, "--cov-append", "-m", "browser"], environment | {"CHROMIUM": path})
    return Result("browser tests", code in {0, 5}, time.monotonic() - started, "there are none" if code == 5 else "")


def coverage(environment: dict[str, str]) -> Result:
    command = ["-m", "coverage", "report", f"--fail-under={FLOOR}", "--skip-covered", "--sort=cover", "--format=text"]
    return step(f"coverage ≥ {FLOOR} %", lambda: call(command, environment))


def for_tests(environment: dict[str, str]) -> dict[str, str]:
    return environment | {
        "DEBUG": "0",
        "DENGHUO_DEMO": "0",
        "LOG_LEVEL": environment.get("LOG_LEVEL", "WARNING"),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def production(environment: dict[str, str]) -> dict[str, str]:
    """Settings as a careful operator would give them."""
    return environment | {
        "DEBUG": "0",
        "DENGHUO_DEMO": "0",
        "DEV_PAGES": "0",
        "HTTPS": "1",
        "SECRET_KEY": "k7-" + "Zq3vN8" * 10,
        "ALLOWED_HOSTS": "service.example.cn",
        "CSRF_TRUSTED_ORIGINS": "https://service.example.cn",
        "SITE_URL": "https://service.example.cn",
        "EMAIL_URL": "smtp+tls://mailer:secret@mail.example.cn:587",
        "SMS_GATEWAY_URL": "https://sms.example.cn/batch",
        "SMS_GATEWAY_KEY": "a-signing-key",
    }


# ── running and telling ─────────────────────────────────────────────────


def call(arguments: list[str], environment: dict[str, str]) -> int:
    return processes.run([PYTHON, *arguments], environment=environment, cwd=ROOT)


def step(name: str, run: Callable[[], int]) -> Result:
    say(name)
    started = time.monotonic()
    code = run()
    return Result(name, code == 0, time.monotonic() - started)


def summary(results: list[Result]) -> int:
    print("\n" + "─" * 60)
    for one in results:
        print(f"{'ok  ' if one.ok else 'FAIL'}  {one.name:<24} {one.took_s:7.1f} s  {one.note}")
    total = sum(one.took_s for one in results)
    failed = [one.name for one in results if not one.ok]
    print(f"{'─' * 60}\n{'All is well' if not failed else 'Failed: ' + ', '.join(failed)} ({total:.0f} s)", flush=True)
    return 1 if failed else 0
