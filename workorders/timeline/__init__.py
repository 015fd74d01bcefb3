"""The timeline of an order: what happened, what the customer was told, what is coming; from rows to words."""

from workorders.timeline.coming import Ahead, coming
from workorders.timeline.entries import Entry, File, Mark, entries_of

__all__ = ["Ahead", "Entry", "File", "Mark", "coming", "entries_of"]
