"""Tries at looking up an order, so that nobody guesses codes and phones."""

from django.db import models


class LookupTry(models.Model):
    """One failed try: from which address, and about which phone (a keyed hash, never the number)."""

    address = models.GenericIPAddressField()
    phone_key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="portal_lookup_tries"),
            models.Index(fields=["phone_key", "at"], name="portal_lookup_phones"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"
