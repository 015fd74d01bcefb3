"""How a service says no."""

from django.utils.functional import Promise


class Refusal(Exception):
    """A service will not do this; ``message`` is for the user, ``field`` names the form field it belongs to."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
