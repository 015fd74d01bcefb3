"""What rooms above may hear, inside the transaction it happened in."""

from django.dispatch import Signal

order_received = Signal()  # order, change
order_changed = Signal()  # order, change
pass_made = Signal()  # now: a pass of `run_clocks`, for what else has to happen by itself where no broker asks for it
clocks_fired = Signal()  # fired: list of (services.due.Due, stage), now
