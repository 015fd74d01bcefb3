"""Large XLSX files without holding them in memory: the table of texts waits on disk."""

import zipfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO
from xml.etree.ElementTree import iterparse  # noqa: S405 - expat limits how far entities may grow

from django.utils.translation import gettext as _
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from common.errors import Refusal

MOST_UNPACKED = 1024 * 1024 * 1024  # bytes; a small file that unpacks to more was made to do harm
ITEM = f"{{{SHEET_MAIN_NS}}}si"


class TextsOnDisk:
    """A workbook's texts by number, like the list that openpyxl would keep: 800,000 of them are 100 MB."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - lives as long as the workbook
        self._starts = array("Q", [0])

    def append(self, text: str) -> None:
        """Keep one more."""
        self._starts.append(self._starts[-1] + self._file.write(text.encode()))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()


class _Reader(ExcelReader):
    """openpyxl's reader with the texts on disk."""

    def read_strings(self) -> None:
        self.shared_strings = TextsOnDisk()
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            parsing = iterparse(source, events=("start", "end"))  # noqa: S314
            _event, table = next(parsing)
            for event, node in parsing:
                if event == "end" and node.tag == ITEM:
                    self.shared_strings.append(Text.from_tree(node).content.replace("x005F_", ""))
                    table.clear()


@contextmanager
def open_workbook(file: IO[bytes]) -> Iterator[Workbook]:
    """The workbook, values only, read row by row. Raises: Refusal when it would unpack to more than a gigabyte."""
    with zipfile.ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise Refusal(_("The file is too large; split it"), field="file")
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    try:
        yield reader.wb
    finally:
        reader.wb.close()
        reader.shared_strings.close()
