"""Outages of earlier years and other systems, from files.

`reading` stages and checks every row without writing anything else (the dry run), `applying` writes what is new or a
change in one statement. `sources` keeps how files read, `facts` and `cells` say what a file may hold and what its cells
mean, `checks` what only the database knows.
"""

from outages.services.history.applying import apply_run, start_applying
from outages.services.history.reading import drop_run, purge_history, read_run, start_run
from outages.services.history.sources import load_shipped_sources, map_columns, name_causes

__all__ = [
    "apply_run",
    "drop_run",
    "load_shipped_sources",
    "map_columns",
    "name_causes",
    "purge_history",
    "read_run",
    "start_applying",
    "start_run",
]
