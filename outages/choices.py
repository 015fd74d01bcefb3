"""Fixed lists of the outages room, in the trade's words (standards A5.4)."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outages.reliability import CauseClass

LETTERS = "TD"  # 停电: an outage's code is TD-261120-0001


class Kind(models.TextChoices):
    """Why supply is interrupted: by the grid's work and faults, or by how the customer uses and pays."""

    PLANNED = "planned", _("Planned outage")
    TEMPORARY = "temporary", _("Temporary outage")
    FAULT = "fault", _("Fault outage")
    OVERLOAD = "overload", _("Over-capacity limit")
    THEFT = "theft", _("Cut off for theft")
    BREACH = "breach", _("Cut off for breach of contract")
    ARREARS = "arrears", _("Cut off for arrears")
    ORDERLY = "orderly", _("Orderly use")


AHEAD = frozenset({Kind.PLANNED, Kind.TEMPORARY, Kind.OVERLOAD, Kind.ORDERLY})  # announced before they begin
OF_ONE = frozenset({Kind.THEFT, Kind.BREACH, Kind.ARREARS})  # one customer's own matter: never on a public page


class State(models.TextChoices):
    """How far an outage is."""

    DRAFT = "draft", pgettext_lazy("outage", "Draft")
    CHECKED = "checked", pgettext_lazy("outage", "Checked")
    APPROVED = "approved", pgettext_lazy("outage", "Approved")
    PUBLISHED = "published", pgettext_lazy("outage", "Announced")
    UNDER_WAY = "under_way", pgettext_lazy("outage", "Power is off")
    RESTORED = "restored", pgettext_lazy("outage", "Power is back")
    REVIEWED = "reviewed", pgettext_lazy("outage", "Reviewed")
    POSTPONED = "postponed", pgettext_lazy("outage", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("outage", "Cancelled")


ENDED = frozenset({State.RESTORED, State.REVIEWED, State.CANCELLED})


class Verb(models.TextChoices):
    """What is done to an outage."""

    DRAFT = "draft", pgettext_lazy("outage act", "Written")
    EDIT = "edit", pgettext_lazy("outage act", "Changed")
    CHECK = "check", pgettext_lazy("outage act", "Checked")
    APPROVE = "approve", pgettext_lazy("outage act", "Approved")
    SEND_BACK = "send_back", pgettext_lazy("outage act", "Sent back")
    PUBLISH = "publish", pgettext_lazy("outage act", "Announced")
    BEGIN = "begin", pgettext_lazy("outage act", "Power off")
    ESTIMATE = "estimate", pgettext_lazy("outage act", "Time of return told")
    RESTORE_PART = "restore_part", pgettext_lazy("outage act", "Power back in part")
    RESTORE = "restore", pgettext_lazy("outage act", "Power back")
    POSTPONE = "postpone", pgettext_lazy("outage act", "Postponed")
    CANCEL = "cancel", pgettext_lazy("outage act", "Cancelled")
    REVIEW = "review", pgettext_lazy("outage act", "Reviewed")


class Cause(models.TextChoices):
    """Why, as the fault record has it."""

    WORK = "work", _("Maintenance or rebuilding")
    EQUIPMENT = "equipment", _("Equipment failed")
    CABLE = "cable", _("Cable damaged")
    WEATHER = "weather", _("Weather")
    TREE = "tree", _("Tree or animal")
    DAMAGE = "damage", _("Damage by others")
    OVERLOAD = "overload", _("Too much load")
    CUSTOMER = "customer", _("A customer's own equipment")
    UPSTREAM = "upstream", _("The grid above us")
    SHORTAGE = "shortage", _("Power is short")
    UNKNOWN = "unknown", _("Still being looked for")


# How statistics take a cause (DL/T 836, standards C4): from inside the grid, from outside of it, or power short.
CAUSE_CLASS: Mapping[str, CauseClass] = {
    Cause.WEATHER: "external",
    Cause.DAMAGE: "external",
    Cause.CUSTOMER: "external",
    Cause.UPSTREAM: "external",
    Cause.SHORTAGE: "shortage",
}


class Boundary(models.TextChoices):
    """On whose side of the ownership boundary the fault lies."""

    UTILITY = "utility", _("The utility's side")
    CUSTOMER = "customer", _("The customer's side")
    UNKNOWN = "unknown", _("Not clear yet")


class LiveLine(models.TextChoices):
    """Whether the work could have been done without cutting anybody off."""

    NOT_ASKED = "", _("Not considered yet")
    IN_PART = "in_part", _("Done live in part")
    NOT_POSSIBLE = "not_possible", _("Not possible")


class ScopeKind(models.TextChoices):
    """What of the network an outage takes in."""

    FEEDER = "feeder", _("Feeder")
    TRANSFORMER = "transformer", _("Transformer")
    AREA = "area", _("Area")
    SUPPLY_POINT = "supply_point", _("Supply point")


class Season(models.TextChoices):
    """The two times of the year when the grid is at its limit (req 53)."""

    SUMMER = "summer", _("Summer peak")
    WINTER = "winter", _("Winter peak")
