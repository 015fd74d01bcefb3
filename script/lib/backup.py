"""Database and attachments into one file: script/backup FILE"""

import argparse
from pathlib import Path

from script.lib import archive, processes
from script.lib.running import installation


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/backup", description="Save database and attachments as one file.")
    parser.add_argument("file", type=Path, help="the file to write; an old one of this name is replaced at the end")
    target = parser.parse_args(arguments).file.absolute()
    with processes.stop_on_signals(), installation() as environment:
        manifest = archive.save(target, environment)
    size_mb = target.stat().st_size / 1e6
    print(f"{target}: {size_mb:.1f} MB, {manifest['attachments']} attachments. The SECRET_KEY is not in it.")
    return 0
