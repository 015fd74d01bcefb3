"""The import of customers from a file: 100,000 rows within three minutes, with flat memory (issue text, customers)."""

import csv
import tempfile
import time
from pathlib import Path

from customers.models import Customer, Transformer
from tests.bench.city import build_city
from tests.bench.lines import BenchLine, at_least, at_most
from tests.bench.peak import peak_of
from tests.bench.towns import own_database

MOST_S, MOST_MORE_MB = 180, 20
COLUMNS = ("account_no", "name", "klass", "phone", "address", "door", "meter_no", "transformer")


def run(quick: bool) -> list[BenchLine]:
    """Read, check and write a small and a large file, each by the command in a process of its own."""
    few, many = (1_000, 10_000) if quick else (10_000, 100_000)
    with own_database("import") as database, tempfile.TemporaryDirectory() as place:
        build_city(2_000)
        before = Customer.objects.count()
        small = peak_of("import_customers", _file(Path(place) / "few.csv", 0, few), database=database)
        began = time.monotonic()
        large = peak_of("import_customers", _file(Path(place) / "many.csv", few, many), database=database)
        took_s = time.monotonic() - began
        written = Customer.objects.count() - before
    return [
        at_most(f"import of {many:,} customers: read, checked, written", took_s, "s", MOST_S * many / 100_000),
        at_least("… all of them written", written, "rows", few + many),
        at_most(f"… memory beside {few:,}", large - small, "MB", MOST_MORE_MB, f"peak {large:.0f} MB"),
    ]


def _file(path: Path, first: int, rows: int) -> str:
    """A file with that many customers, from the ``first`` on."""
    codes = list(Transformer.objects.values_list("code", flat=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(first, first + rows):
            place = f"夜明珠街道桔城路{1 + n % 400}号{1 + n % 9}栋"
            row = [f"43{n:08d}", "陈淑兰", "居民", f"137{n:08d}", place, str(100 + n % 800), f"4301{n:010d}"]
            writer.writerow([*row, codes[n % len(codes)]])
    return str(path)
