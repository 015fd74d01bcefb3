"""Writes of the common room."""
