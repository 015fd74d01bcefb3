"""Entering and correcting a customer at the counter or on the phone."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from common.access import require
from common.errors import Refusal
from common.pinyin import spell
from customers.choices import Flag
from customers.cleaning import clean_account, clean_meter, clean_name, clean_place
from customers.models import Contact, Customer, SupplyPoint, Transformer
from customers.models.customer import NAME_CHARS
from customers.phones import clean_phone
from customers.policies import can_save
from customers.selectors import guess_transformer, look_alikes
from customers.services.drafts import (
    ContactDraft,
    Correction,
    CustomerDraft,
    FileChanged,
    LooksAlike,
    NewCustomer,
    PlaceDraft,
)
from customers.services.indexing import refresh_search
from staff.models import Member

OWN_NUMBERS = 9_000_000_000  # numbers given here begin with 9, the billing system's never do


def save_customer(*, new: NewCustomer, actor: Member, now: datetime) -> Customer:
    """Put a new customer on file with a contact and a supply point.

    Raises: Denied; Refusal naming the field; LooksAlike unless ``new.is_different``.
    Idempotent: the same ``request_id`` gives back the customer it made.
    """
    require(can_save(actor))
    with transaction.atomic():
        known = Customer.objects.filter(request_id=new.request_id).first() if new.request_id else None
        if known:
            return known
        name, phone = clean_name(new.customer.name), clean_phone(new.contact.phone)
        alike = look_alikes(actor=actor, name=name, phone=phone, meter_no=clean_meter(new.place.meter_no))
        if alike and not new.is_different:
            raise LooksAlike(alike)
        customer = _new_file(new, name, actor, now)
        _write_contact(customer, new.contact, phone, is_primary=True)
        _write_place(customer, new.place, is_main=True)
        refresh_search([customer.pk])
        return customer


def _new_file(new: NewCustomer, name: str, actor: Member | None, now: datetime) -> Customer:
    draft, account_no = new.customer, clean_account(new.customer.account_no) or next_account_no()
    if Customer.objects.filter(account_no=account_no).exists():
        raise Refusal(_("This account number is on file already. Search for it."), field="account_no")
    return Customer.objects.create(
        account_no=account_no,
        **_file_fields(draft, name),
        created_at=now,
        updated_at=now,
        updated_by=actor,
        request_id=new.request_id,
    )


def correct_customer(*, account_no: str, correction: Correction, actor: Member, now: datetime) -> Customer:
    """Correct the file, its first contact and its main place in one go.

    Raises: Denied; Refusal naming the field; FileChanged when ``correction.version`` is no longer the one on file.
    Locks: the customer.
    """
    require(can_save(actor))
    with transaction.atomic():
        customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(account_no=account_no)
        if customer.version != correction.version:
            raise FileChanged(customer)
        for field, value in _file_fields(correction.customer, clean_name(correction.customer.name)).items():
            setattr(customer, field, value)
        _correct_contact(customer, correction.contact)
        _correct_place(customer, correction.place)
        customer.version += 1
        customer.updated_at, customer.updated_by = now, actor
        customer.save()
        refresh_search([customer.pk])
        return customer


def add_contact(*, account_no: str, contact: ContactDraft, actor: Member, now: datetime) -> Contact:
    """One more person to call; the first one stays first. Locks: the customer.

    Raises: Denied; Refusal. Idempotent: a phone that is on file keeps its row and takes the new name and role.
    """
    require(can_save(actor))
    with transaction.atomic():
        customer = _touched(account_no, actor, now)
        phone = clean_phone(contact.phone)
        known = customer.contacts.filter(phone=phone).first()
        if known:
            known.name, known.role = contact.name.strip(), contact.role
            known.save(update_fields=["name", "role"])
            return known
        first = not customer.contacts.filter(is_primary=True).exists()
        added = _write_contact(customer, contact, phone, is_primary=first)
        refresh_search([customer.pk])
        return added


def add_supply_point(*, account_no: str, place: PlaceDraft, actor: Member, now: datetime) -> SupplyPoint:
    """One more place that this account is supplied at. Locks: the customer. Raises: Denied; Refusal."""
    require(can_save(actor))
    with transaction.atomic():
        customer = _touched(account_no, actor, now)
        added = _write_place(customer, place, is_main=not customer.supply_points.filter(is_main=True).exists())
        refresh_search([customer.pk])
        return added


def next_account_no() -> str:
    """The next of our own account numbers."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval('customers_account_no')")
            number = str(OWN_NUMBERS + cursor.fetchone()[0])
            if not Customer.objects.filter(account_no=number).exists():
                return number


def _file_fields(draft: CustomerDraft, name: str) -> dict:
    spelling = spell(name)
    return {
        "name": name,
        "pinyin": spelling.full,
        "initials": spelling.initials,
        "klass": draft.klass,
        "voltage": draft.voltage,
        "flags": [flag for flag in Flag.values if flag in draft.flags],
        "language": draft.language,
    }


def _touched(account_no: str, actor: Member, now: datetime) -> Customer:
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(account_no=account_no)
    customer.version += 1
    customer.updated_at, customer.updated_by = now, actor
    customer.save(update_fields=["version", "updated_at", "updated_by"])
    return customer


def _write_contact(customer: Customer, draft: ContactDraft, phone: str, *, is_primary: bool) -> Contact:
    return Contact.objects.create(
        customer=customer,
        name=draft.name.strip()[:NAME_CHARS] or customer.name,
        phone=phone,
        role=draft.role,
        is_primary=is_primary,
    )


def _correct_contact(customer: Customer, draft: ContactDraft) -> None:
    first = customer.contacts.filter(is_primary=True).first()
    phone = clean_phone(draft.phone) if draft.phone else first.phone if first else ""
    if not phone:
        raise Refusal(_("Write a phone number."), field="phone")
    known = customer.contacts.filter(phone=phone).first()
    if first is None and known is None:
        _write_contact(customer, draft, phone, is_primary=True)
        return
    if known and known != first:
        customer.contacts.filter(is_primary=True).update(is_primary=False)
        first = known
    first.phone, first.is_primary = phone, True
    first.name = draft.name.strip()[:NAME_CHARS] or first.name
    first.save(update_fields=["phone", "is_primary", "name"])


def _write_place(customer: Customer, draft: PlaceDraft, *, is_main: bool) -> SupplyPoint:
    place = clean_place(draft.address, draft.door or "")
    point = SupplyPoint(customer=customer, address=place.street, door=place.door, is_main=is_main)
    return _save_place(point, draft)


def _correct_place(customer: Customer, draft: PlaceDraft) -> None:
    point = customer.supply_points.select_related("transformer").filter(is_main=True).first()
    if point is None:
        _write_place(customer, draft, is_main=True)
        return
    place = clean_place(draft.address, draft.door or "")
    moved = place.street != point.address
    point.address = place.street
    if place.door or draft.door is not None:
        point.door = place.door
    neighbours = guess_transformer(place.street) if moved else None
    _save_place(point, draft, keep=neighbours or point.transformer)


def _save_place(point: SupplyPoint, draft: PlaceDraft, keep: Transformer | None = None) -> SupplyPoint:
    transformer = draft.transformer or keep or guess_transformer(point.address)
    if transformer is None:
        raise Refusal(_("Nobody at this address is on file. Say which transformer supplies it."), field="transformer")
    point.transformer = transformer
    point.meter_no = clean_meter(draft.meter_no)
    try:
        with transaction.atomic():
            point.save()
    except IntegrityError as error:
        if "customers_meter_once" not in str(error):
            raise
        raise Refusal(_("This meter is on another account. Check the number."), field="meter_no") from error
    return point
