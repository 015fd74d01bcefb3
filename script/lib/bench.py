"""What the design budgets, measured: script/bench [--quick] [NAME …]

A private PostgreSQL and Redis of its own under ``.local/bench`` (kept, because filling a million rows takes time)
unless DATABASE_URL and REDIS_URL name others. The measuring itself is in tests/bench.
"""

from script.lib import processes, setup
from script.lib.environment import SetupError, say
from script.lib.paths import PYTHON, ROOT
from script.lib.services import mark, services


def main(arguments: list[str]) -> int:
    with processes.stop_on_signals():
        setup.prepare()
        processes.clear_leftovers(mark("bench"))
        with services("bench") as found:
            environment = found.environment | {"DENGHUO_DEMO": "0", "DEBUG": "0", "LOG_LEVEL": "WARNING"}
            say("Migrating the bench's database")
            if processes.run([PYTHON, "manage.py", "migrate", "-v", "0"], environment=environment, cwd=ROOT):
                raise SetupError("The bench's database could not be migrated; remove .local/bench to begin afresh.")
            return processes.run([PYTHON, "-m", "tests.bench", *arguments], environment=environment, cwd=ROOT)
