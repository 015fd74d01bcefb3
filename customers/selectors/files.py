"""Which customers a member may see, and getting one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from customers.addresses import spaced
from customers.choices import Secrecy
from customers.models import Area, Contact, Customer, SupplyPoint, Transformer
from customers.policies import FINDERS, LOCALS, levels_open_to
from customers.search import plain
from staff.models import Member, Unit
from staff.selectors import scope_of

OUTLINES = ("transformer__area__boundary", "transformer__area__label_point")  # only maps read them


@dataclass(frozen=True)
class Reach:
    """Where a member finds customers: ``areas`` None means everywhere.

    ``units`` are the tops of what the member's roles reach, below the company: the search index is asked with them.
    """

    areas: frozenset[int] | None
    units: frozenset[int] = frozenset()

    @property
    def is_nowhere(self) -> bool:
        return self.areas == frozenset()


def reach_of(actor: Member) -> Reach:
    """Where this member finds customers; at most three queries."""
    scope = scope_of(actor)
    if scope.has(*FINDERS):
        return Reach(None)
    paths = scope.paths(*LOCALS) if scope.has(*LOCALS) else ()
    reached = Q(pk__in=[])
    for path in paths:
        reached |= Q(station__path__startswith=path) | Q(crew__path__startswith=path)
    areas = frozenset(Area.objects.filter(reached).values_list("id", flat=True))
    return Reach(areas, frozenset(Unit.objects.filter(path__in=paths, depth__gt=1).values_list("id", flat=True)))


def visible_to(actor: Member, *, today: date | None = None) -> QuerySet[Customer]:
    """The customers this member may see: everywhere or in the unit's subtree, and of open secrecy levels only."""
    return visible_in(actor, reach_of(actor), today=today)


def visible_in(actor: Member, reach: Reach, *, today: date | None = None) -> QuerySet[Customer]:
    """`visible_to` for one who has asked `reach_of` already."""
    today = today or timezone.localdate()
    open_levels = [Secrecy.NONE, *levels_open_to(actor)]
    seen = Customer.objects.filter(Q(secrecy_level__in=open_levels) | Q(secrecy_until__lt=today))
    if reach.areas is None:
        return seen
    here = SupplyPoint.objects.filter(customer=OuterRef("pk"), transformer__area_id__in=reach.areas)
    return seen.filter(Exists(here))


def get_customer_for(actor: Member, account_no: str) -> Customer:
    """The customer with contacts and supply points (network included); four queries.

    Raises: Http404 when there is none or this member may not see it.
    """
    places = SupplyPoint.objects.select_related("transformer__area__station", "transformer__feeder").defer(*OUTLINES)
    found = (
        visible_to(actor)
        .filter(account_no=account_no)
        .prefetch_related("contacts", Prefetch("supply_points", queryset=places))
        .first()
    )
    if found is None:
        raise Http404(account_no)
    return found


def recent_customers(actor: Member, account_nos: Sequence[str]) -> list[Customer]:
    """These customers in this order, as far as the member may (still) see them."""
    found = {c.account_no: c for c in with_places(visible_to(actor).filter(account_no__in=account_nos))}
    return [found[number] for number in account_nos if number in found]


def with_places(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same customers with their supply points, main one first."""
    return customers.prefetch_related(
        Prefetch("supply_points", queryset=SupplyPoint.objects.order_by("-is_main", "id"))
    )


def customers_on_phone(actor: Member, phone: str) -> QuerySet[Customer]:
    """Every customer this phone is on file for."""
    return visible_to(actor).filter(pk__in=Contact.objects.filter(phone=phone).values("customer"))


def look_alikes(*, actor: Member, name: str, phone: str, meter_no: str) -> list[Customer]:
    """Customers that may be the one being entered: same phone and name, or the same meter. At most three."""
    same = Q(pk__in=[])
    if phone and name:
        same |= Q(name=name, pk__in=Contact.objects.filter(phone=phone).values("customer"))
    if meter_no:
        same |= Q(pk__in=SupplyPoint.objects.filter(meter_no=meter_no).values("customer"))
    return list(with_places(visible_to(actor).filter(same))[:3])


def guess_transformer(address: str) -> Transformer | None:
    """The transformer that supplies most places at this address (to the building), if any is known there."""
    known = (
        Transformer.objects.filter(supply_points__address=spaced(address))
        .annotate(places=Count("supply_points"))
        .order_by("-places", "code")
    )
    return known.select_related("area", "feeder").first() if plain(address) else None
