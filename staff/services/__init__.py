"""Writes of the staff room, one module per flow."""
