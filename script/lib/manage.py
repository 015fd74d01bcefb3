"""Django's command line against this installation's own database: script/manage COMMAND …"""

from script.lib import processes
from script.lib.paths import PYTHON, ROOT
from script.lib.running import installation


def main(arguments: list[str]) -> int:
    with processes.stop_on_signals(), installation() as environment:
        return processes.run([PYTHON, "manage.py", *arguments], environment=environment, cwd=ROOT, own_session=False)
