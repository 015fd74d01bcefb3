"""Customers, supply points and the network from files.

`reading` stages and checks every row without writing anything else (the dry run), `applying` writes what is staged in
chunks. `columns` and `cells` say what a file looks like and what its cells mean, `checks` what only the database knows.
"""

from customers.services.imports.applying import apply_import, start_applying
from customers.services.imports.columns import sample_rows
from customers.services.imports.reading import drop_import, purge_rows, read_import, start_import

__all__ = ["apply_import", "drop_import", "purge_rows", "read_import", "sample_rows", "start_applying", "start_import"]
