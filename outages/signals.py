"""What rooms above may hear, inside the transaction it happened in."""

from django.dispatch import Signal

outage_changed = Signal()  # outage, event
