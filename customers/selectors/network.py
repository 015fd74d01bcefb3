"""Reads of the network."""

from django.db.models import Q

from customers.models import Transformer

SHOWN = 5


def transformers_like(text: str) -> list[Transformer]:
    """The one with this code or name, else up to five whose name has this in it."""
    everyone = Transformer.objects.select_related("area", "feeder")
    exact = list(everyone.filter(Q(code__iexact=text) | Q(name=text))[:2])
    return exact if len(exact) == 1 else list(everyone.filter(name__icontains=text)[:SHOWN])
