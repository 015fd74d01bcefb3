"""Writes: every way an order changes, one module per flow, all through `change.act`."""
