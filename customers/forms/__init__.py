"""Forms of the customers room: they clean and convert, services save."""

from customers.forms.files import CorrectForm, GradeForm, NewCustomerForm
from customers.forms.parts import ContactForm, PlaceForm
from customers.forms.reveal import RevealForm

__all__ = ["ContactForm", "CorrectForm", "GradeForm", "NewCustomerForm", "PlaceForm", "RevealForm"]
