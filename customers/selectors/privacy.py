"""Reads of the log of looks."""

from django.db.models import QuerySet

from customers.models import ViewLog


def looks() -> QuerySet[ViewLog]:
    """Every look at masked data with who and whom; only those reach it whom `can_read_views` lets in."""
    return ViewLog.objects.select_related("actor", "customer")
