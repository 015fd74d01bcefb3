"""The form of each act on an order, declared once: fields, words, what follows, and the service that does it."""

from workorders.forms.acts.specs import ACTS, ActSpec, recalled, spec_of

__all__ = ["ACTS", "ActSpec", "recalled", "spec_of"]
