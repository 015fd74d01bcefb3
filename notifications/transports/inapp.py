"""The inbox: the row itself is the message, so it has arrived as soon as its words are written."""

from notifications.transports.base import Outcome, Outgoing, sent

LIMIT = 1000
LEASE_S = 60


def send(batch: list[Outgoing]) -> dict[str, Outcome]:
    """Everything arrives."""
    return {one.key: sent() for one in batch}
