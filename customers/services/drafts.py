"""What a form or a file says about a customer, before it is one."""

from dataclasses import dataclass
from uuid import UUID

from customers.choices import ContactRole, CustomerKlass, Language, Voltage
from customers.models import Customer, Transformer


class LooksAlike(Exception):
    """A new customer looks like ones on file; ``customers`` are those. Answer with ``is_different=True``."""

    def __init__(self, customers: list[Customer]) -> None:
        super().__init__([customer.account_no for customer in customers])
        self.customers = customers


class FileChanged(Exception):
    """Somebody else corrected the file since it was opened; ``customer`` is how it stands now. Nothing was saved."""

    def __init__(self, customer: Customer) -> None:
        super().__init__(customer.account_no)
        self.customer = customer


@dataclass(frozen=True, kw_only=True)
class CustomerDraft:
    """The file itself. An empty ``account_no`` asks for one of our own numbers."""

    name: str
    account_no: str = ""
    klass: str = CustomerKlass.RESIDENTIAL
    voltage: str = Voltage.LOW
    flags: tuple[str, ...] = ()
    language: str = Language.CHINESE


@dataclass(frozen=True, kw_only=True)
class ContactDraft:
    """Whom to call. In a correction an empty ``phone`` keeps the one on file."""

    phone: str = ""
    name: str = ""
    role: str = ContactRole.OWNER


@dataclass(frozen=True, kw_only=True)
class PlaceDraft:
    """Where. ``transformer`` None is guessed from neighbours. In a correction ``door`` None keeps the one on file."""

    address: str
    door: str | None = ""
    meter_no: str = ""
    transformer: Transformer | None = None


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    """Everything the counter takes down for a customer who is not on file yet."""

    customer: CustomerDraft
    contact: ContactDraft
    place: PlaceDraft
    is_different: bool = False  # the clerk saw the look-alikes and says it is somebody else
    request_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Correction:
    """How the file, its first contact and its main place should read; ``version`` is the one that was looked at."""

    version: int
    customer: CustomerDraft
    contact: ContactDraft
    place: PlaceDraft
