"""The side table of the search box."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from customers.models.customer import Customer

SAMPLE = 32  # one customer in so many is also in the small index that common words are asked in first


class SearchEntry(models.Model):
    """What one customer is found by; see `customers.search` for the keys and `customers.selectors` for the use.

    ``keys`` is a plain set of keys (no text configuration, no weights). ``fastupdate`` is off: a pending list would
    have to be read through by every search. ``is_sampled`` picks a fixed sample of the customers for the small index.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    keys = SearchVectorField()
    lines = models.TextField()
    is_sampled = models.BooleanField(default=False)

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], fastupdate=False, name="customers_search_keys"),
            GinIndex(fields=["keys"], fastupdate=False, condition=Q(is_sampled=True), name="customers_search_sample"),
        ]

    def __str__(self) -> str:
        return self.lines.strip().split("\n", 1)[0]
