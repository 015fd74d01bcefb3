"""``manage.py refresh_search``: file every customer anew, after units moved or a restore of other data."""

from django.core.management.base import BaseCommand

from customers.services.indexing import refresh_all


class Command(BaseCommand):
    """Safe at any time; searches go on meanwhile."""

    help = "File every customer anew for the search box."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{refresh_all()} customers filed")
