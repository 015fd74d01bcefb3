"""Who is supplied, whom to call, and where."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.choices import (
    ContactRole,
    CustomerKlass,
    Flag,
    Importance,
    KeyAccount,
    Language,
    Secrecy,
    Voltage,
)
from customers.models.network import Area, Transformer
from staff.models import Member

ACCOUNT_DIGITS = 10
NAME_CHARS = 60
ADDRESS_CHARS = 120
DOOR_CHARS = 20
METER_CHARS = 24


class Customer(models.Model):
    """A supply contract under one account number 户号. Written only by services, which also keep `SearchEntry`.

    ``pinyin`` (full) and ``initials`` come from the name; ``pinyin`` also is the Chinese order. ``version`` counts
    saves: two people correcting one file are told of each other.
    """

    account_no = models.CharField(
        _("account number"),
        max_length=ACCOUNT_DIGITS,
        unique=True,
        validators=[RegexValidator(r"^\d{10}\Z", _("An account number has 10 digits."))],
    )
    name = models.CharField(_("name"), max_length=NAME_CHARS)
    pinyin = models.CharField(max_length=400, editable=False)
    initials = models.CharField(max_length=NAME_CHARS, editable=False)
    klass = models.CharField(
        _("usage category"), max_length=20, choices=CustomerKlass, default=CustomerKlass.RESIDENTIAL
    )
    voltage = models.CharField(_("voltage"), max_length=10, choices=Voltage, default=Voltage.LOW)
    importance = models.CharField(_("important user"), max_length=20, choices=Importance, default=Importance.NONE)
    key_account = models.CharField(_("key account"), max_length=20, choices=KeyAccount, default=KeyAccount.NONE)
    flags = ArrayField(
        models.CharField(max_length=30, choices=Flag), default=list, blank=True, verbose_name=_("take care")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    secrecy_level = models.CharField(_("secrecy level"), max_length=20, choices=Secrecy, default=Secrecy.NONE)
    secrecy_until = models.DateField(_("secret until"), null=True, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    updated_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=1)
    request_id = models.UUIDField(
        null=True, unique=True, editable=False
    )  # of the form that made it: sent twice, made once

    class Meta:
        ordering = ["account_no"]
        verbose_name = _("customer")
        constraints = [
            models.CheckConstraint(condition=Q(account_no__regex=r"^\d{10}$"), name="customers_account_10_digits"),
            models.CheckConstraint(condition=~Q(name=""), name="customers_name_not_empty"),
            models.CheckConstraint(
                condition=~Q(secrecy_level=Secrecy.NONE) | Q(secrecy_until=None), name="customers_term_needs_level"
            ),
        ]
        indexes = [
            models.Index(
                fields=["importance", "account_no"],
                condition=~Q(importance=Importance.NONE),
                name="customers_important",
            ),
            models.Index(
                fields=["key_account", "account_no"],
                condition=~Q(key_account=KeyAccount.NONE),
                name="customers_key_account",
            ),
            models.Index(fields=["account_no"], condition=~Q(flags=[]), name="customers_flagged"),
            models.Index(
                fields=["secrecy_level", "account_no"],
                condition=~Q(secrecy_level=Secrecy.NONE),
                name="customers_secret",
            ),
            models.Index(fields=["klass", "account_no"], name="customers_klass"),
            models.Index(fields=["verified_on"], condition=Q(verified_on__isnull=False), name="customers_verified"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_on_file(self) -> str:
        """The number that is called first; empty without one. Reads the contacts, prefetched or not."""
        return next((contact.phone for contact in self.contacts.all() if contact.is_primary), "")

    def secrecy_on(self, day: date) -> str:
        """The level that holds on ``day``: none once the term is over."""
        over = self.secrecy_until is not None and self.secrecy_until < day
        return Secrecy.NONE if over else self.secrecy_level


class Contact(models.Model):
    """Somebody who answers for a customer. One phone may belong to several customers."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=NAME_CHARS, blank=True)
    phone = models.CharField(_("phone"), max_length=20, db_index=True)  # digits only, see customers/phones.py
    role = models.CharField(_("role"), max_length=20, choices=ContactRole, default=ContactRole.OWNER)
    is_primary = models.BooleanField(_("called first"), default=False)

    class Meta:
        ordering = ["customer_id", "-is_primary", "id"]  # not by the customer itself: no join
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(fields=["customer", "phone"], name="customers_contact_phone_once"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_primary=True), name="customers_contact_one_primary"
            ),
            models.CheckConstraint(condition=Q(phone__regex=r"^\d{3,20}$"), name="customers_contact_phone_digits"),
        ]

    def __str__(self) -> str:
        return self.name or self.get_role_display()


class SupplyPoint(models.Model):
    """Where electricity is delivered and metered. ``address`` reaches to the building and unit; ``door`` is masked."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="supply_points")
    address = models.CharField(_("address"), max_length=ADDRESS_CHARS)
    door = models.CharField(_("door number"), max_length=DOOR_CHARS, blank=True)
    meter_no = models.CharField(_("meter number"), max_length=METER_CHARS, blank=True)
    transformer = models.ForeignKey(
        Transformer, on_delete=models.PROTECT, related_name="supply_points", verbose_name=_("transformer")
    )
    is_main = models.BooleanField(_("main place"), default=False)

    class Meta:
        ordering = ["customer_id", "-is_main", "id"]
        verbose_name = _("supply point")
        constraints = [
            models.UniqueConstraint(fields=["meter_no"], condition=~Q(meter_no=""), name="customers_meter_once"),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="customers_one_main_place"),
            models.CheckConstraint(condition=~Q(address=""), name="customers_address_not_empty"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def area(self) -> Area:
        """The area above the transformer."""
        return self.transformer.area

    @property
    def meter_tail(self) -> str:
        """The four last digits, enough to tell two meters apart in talk."""
        return self.meter_no[-4:]
