"""Tries at looking up an order, so that nobody guesses codes and phones."""

from django.db import models


class LookupTry(models.Model):
    """One failed try from one address."""

    address = models.GenericIPAddressField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="portal_lookup_tries")]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"
