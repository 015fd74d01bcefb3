"""A backup into the place of what is there: script/restore FILE [--force]"""

import argparse
from pathlib import Path

from script.lib import archive, processes
from script.lib.running import installation


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/restore", description="Put a backup in the place of what is there.")
    parser.add_argument("file", type=Path, help="a file made by script/backup")
    parser.add_argument("--force", action="store_true", help="replace a database that is not empty")
    options = parser.parse_args(arguments)
    with processes.stop_on_signals(), installation() as environment:
        manifest = archive.load(options.file.absolute(), environment, force=options.force)
    print(f"Restored the state of {manifest['made_at']} with {manifest['attachments']} attachments.")
    print("The next script/server (or manage.py migrate) brings it up to this version.")
    return 0
