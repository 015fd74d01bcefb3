"""The call list as it grows with the telling: those without a mobile number, page by page of a notice."""

from typing import Any

from django.db import connection

from outages.models import CallReason, Notice
from outages.services.reach_sql import AGAIN, UNREACHED


def list_unreached(notice: Notice, params: dict[str, Any]) -> None:
    """Put the customers of one page of the list who have no mobile number on the call list of this notice."""
    run(UNREACHED, params | {"notice": notice.pk, "why": CallReason.NO_NUMBER})


def list_again(notice: Notice, params: dict[str, Any]) -> None:
    """Those without a mobile number who were to be called about earlier news are called about this one as well; that
    all is over, only those who had been reached."""
    run(AGAIN, params | {"notice": notice.pk, "outage": notice.outage_id, "why": CallReason.NO_NUMBER})


def run(sql: str, params: dict[str, Any]) -> int:
    """One statement; how many rows are new. Idempotent: by notice and customer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount
