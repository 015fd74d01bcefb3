"""What this room says to the rooms above, inside its transactions."""

from django.dispatch import Signal

unit_moved = Signal()  # unit: Unit with its new path; rooms that keep who stands above whom look again
