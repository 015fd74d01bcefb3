"""The numbers people say on the phone: letters, the day, a running number of at least four digits."""

from datetime import datetime

from django.db import connection
from django.utils.timezone import localtime


def next_code(letters: str, at: datetime) -> str:
    """The next code of the day, ``BX-261120-0147``. Locks: the day's counter until the end of the transaction."""
    prefix = f"{letters}-{localtime(at):%y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workorders_codesequence (prefix, last) VALUES (%s, 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last = workorders_codesequence.last + 1 RETURNING last",
            [prefix],
        )
        return f"{prefix}-{cursor.fetchone()[0]:04d}"
