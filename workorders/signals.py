"""What rooms above may hear, inside the transaction it happened in."""

from django.dispatch import Signal

order_received = Signal()  # order, change
order_changed = Signal()  # order, change
clocks_fired = Signal()  # fired: list of (services.due.Due, stage), now
