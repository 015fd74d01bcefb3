"""Network and customers for tests. Customers go through `bulk_create_customers`, so search finds them.

chen = CustomerFactory(name="陈淑兰", phone="13912342716", transformer=TransformerFactory(area__station=town.station))
"""

from datetime import UTC, datetime
from typing import Any

import factory

from customers.models import Area, Customer, Feeder, Transformer
from customers.services.bulk import CustomerRow, bulk_create_customers
from customers.services.indexing import refresh_search

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)  # Friday 14:32 in Shanghai


class AreaFactory(factory.django.DjangoModelFactory):
    """An urban area; give it a ``station`` and a ``crew`` where units matter."""

    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"A{n:04}")
    name = factory.Sequence(lambda n: f"第{n}片")


class FeederFactory(factory.django.DjangoModelFactory):
    """A feeder."""

    class Meta:
        model = Feeder

    code = factory.Sequence(lambda n: f"F{n:04}")
    name = factory.Sequence(lambda n: f"夜明珠{n}线")


class TransformerFactory(factory.django.DjangoModelFactory):
    """A transformer with feeder and area of its own."""

    class Meta:
        model = Transformer

    code = factory.Sequence(lambda n: f"T{n:05}")
    name = factory.Sequence(lambda n: f"桔城路 {n:02} 台区")
    feeder = factory.SubFactory(FeederFactory)
    area = factory.SubFactory(AreaFactory)


class CustomerFactory(factory.Factory):
    """A customer with one contact and one supply point; every field of `CustomerRow`, and those of the model."""

    class Meta:
        model = Customer

    account_no = factory.Sequence(lambda n: f"42{n:08}")
    name = "王建国"
    phone = factory.Sequence(lambda n: f"139{n:08}")
    address = factory.Sequence(lambda n: f"夜明珠街道桔城路{n + 1}号2栋1单元")
    door = "302"
    meter_no = factory.Sequence(lambda n: f"4201{n:08}")
    transformer = factory.SubFactory(TransformerFactory)

    @classmethod
    def _create(cls, model_class: type[Customer], **values: Any) -> Customer:
        rest = {key: values.pop(key) for key in ("secrecy_level", "secrecy_until") if key in values}
        transformer = values.pop("transformer")
        row = CustomerRow(transformer=transformer.code if transformer else None, **values)
        bulk_create_customers([row], now=NOW)
        if rest:
            Customer.objects.filter(account_no=row.account_no).update(**rest)
        return Customer.objects.get(account_no=row.account_no)


def add_place(customer: Customer, address: str, **values: Any) -> None:
    """A second supply point, filed for search too."""
    values.setdefault("transformer", TransformerFactory())
    customer.supply_points.create(address=address, **values)
    refresh_search([customer.pk])


def add_phone(customer: Customer, phone: str, **values: Any) -> None:
    """A second contact, filed for search too."""
    customer.contacts.create(phone=phone, **values)
    refresh_search([customer.pk])
