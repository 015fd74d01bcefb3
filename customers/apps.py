"""Customers: archives, supply points, network, search, privacy."""

from common.apps import RoomConfig


class CustomersConfig(RoomConfig):
    """Who is supplied, where, from which transformer, and who may see it."""

    default = True
    name = "customers"
