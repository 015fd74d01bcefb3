"""Reads of the customers room."""

from customers.selectors.files import (
    customers_on_phone,
    get_customer_for,
    guess_transformer,
    look_alikes,
    recent_customers,
    visible_to,
)
from customers.selectors.finding import Hit, SearchResult, search

__all__ = [
    "Hit",
    "SearchResult",
    "customers_on_phone",
    "get_customer_for",
    "guess_transformer",
    "look_alikes",
    "recent_customers",
    "search",
    "visible_to",
]
