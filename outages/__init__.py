"""Outages: who is without power, why, until when; told in time, to the right people, and counted right."""
