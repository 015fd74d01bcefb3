"""Reads of the outages room, by who asks: the desk, everybody, a place, the telling."""
