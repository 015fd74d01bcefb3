"""An act as pages offer it: the same for an outage and for a plan of orderly use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from common.access import Decision


@dataclass(frozen=True)
class ActSpec:
    """One act: the words of its button and page, and the service that does it."""

    verb: Any  # a TextChoices member of the things it is done to
    button: str | Promise
    title: str | Promise
    follows: str | Promise  # one sentence: what happens then
    service: Callable[..., Any]

    @property
    def slug(self) -> str:
        return self.verb.value.replace("_", "-")


@dataclass(frozen=True)
class Offer:
    """An act offered to one person; ``reason`` says why not when it is only shown."""

    spec: ActSpec
    url: str
    is_main: bool = False
    reason: str = ""


def offered(spec: ActSpec, url: str, decision: Decision, *, moves_on: bool) -> Offer | None:
    """What this person may do; what moves the thing on is shown with its reason when it is not theirs now."""
    if not decision and (decision.by_role or not moves_on):
        return None
    return Offer(spec, url, moves_on and bool(decision), "" if decision else str(decision.reason))
