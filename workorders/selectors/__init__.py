"""Reads of the work-order room."""
