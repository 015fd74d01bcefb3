"""Writes: every way an outage changes, one module per flow, all through `change.act`."""
