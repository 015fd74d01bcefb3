"""Customers, supply points, the network above them, and who looked at what."""

from customers.models.customer import Contact, Customer, SupplyPoint
from customers.models.imports import ImportRow, ImportRun
from customers.models.network import Area, Feeder, Transformer
from customers.models.privacy import ViewLog
from customers.models.search import SearchEntry

__all__ = [
    "Area",
    "Contact",
    "Customer",
    "Feeder",
    "ImportRow",
    "ImportRun",
    "SearchEntry",
    "SupplyPoint",
    "Transformer",
    "ViewLog",
]
