"""What people without a login leave with us: where they want to hear of outages, and how often they asked."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from customers.models import Area
from customers.models.customer import ACCOUNT_DIGITS

TOKEN_CHARS = 22  # letters and digits: 130 bits
ACTIVE = Q(confirmed_at__isnull=False, ended_at__isnull=True)


def new_token() -> str:
    """An address that nobody guesses."""
    return get_random_string(TOKEN_CHARS)


class Subscription(models.Model):
    """A mobile number that wants to hear of the outages of an area or of an account. No login and no name.

    It holds from ``confirmed_at``, when whoever holds the number typed the code sent to it, until ``ended_at``.
    ``account_no`` is what was typed: whether there is such an account shows only when something is told.
    ``handle`` is the address of the page that asks for the code, ``token`` that of its own page and calendar.
    """

    phone = models.CharField(_("mobile number"), max_length=20)
    language = models.CharField(max_length=10)
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    account_no = models.CharField(_("account number"), max_length=ACCOUNT_DIGITS, blank=True)
    handle = models.UUIDField(unique=True, default=uuid4)
    token = models.CharField(max_length=TOKEN_CHARS, unique=True, default=new_token)
    consent = models.CharField(max_length=300)  # the words that were agreed to
    consented_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)  # keyed; the code itself is not kept
    code_until = models.DateTimeField()
    code_tries = models.PositiveSmallIntegerField(default=0)  # wrong ones
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    request_id = models.UUIDField(null=True, unique=True)  # of the latest asking

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, account_no="") | Q(area__isnull=True) & ~Q(account_no=""),
                name="outages_follows_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("confirmed_at")),
                name="outages_followed_before_it_ended",
            ),
            models.UniqueConstraint(
                fields=["phone", "area"], condition=Q(area__isnull=False), name="outages_follow_area_once"
            ),
            models.UniqueConstraint(
                fields=["phone", "account_no"], condition=~Q(account_no=""), name="outages_follow_account_once"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "id"], condition=ACTIVE, name="outages_followers_of_area"),
            models.Index(fields=["account_no", "id"], condition=ACTIVE, name="outages_followers_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.account_no or self.area_id}"

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class Asking(models.Model):
    """Somebody asked for something once more: who only as a keyed hash, and only as long as it counts."""

    act = models.CharField(max_length=10)
    who = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["act", "who", "at"], name="outages_asking_by_whom")]

    def __str__(self) -> str:
        return f"{self.act} {self.at}"
