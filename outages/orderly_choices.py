"""Fixed lists of orderly use 有序用电: how short power is, what is asked of users, how far plan and run are."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PLAN_LETTERS = "YA"  # 预案: a plan is YA-261120-0001
RUN_LETTERS = "YX"  # 有序用电执行: one use of it is YX-261120-0001


class Level(models.TextChoices):
    """How short power is (standards B5.1), the gravest first. The colour is the signal's name, not drawn."""

    I = "I", _("Level I, red")  # noqa: E741 - the trade's own numerals
    II = "II", _("Level II, orange")
    III = "III", _("Level III, yellow")
    IV = "IV", _("Level IV, blue")


class Measure(models.TextChoices):
    """What is asked of a batch, in the order in which they may be used (standards B5.2)."""

    SHIFT = "shift", pgettext_lazy("measure", "Shift peak")
    AVOID = "avoid", pgettext_lazy("measure", "Avoid peak")
    LIMIT = "limit", pgettext_lazy("measure", "Limit")
    CUT = "cut", pgettext_lazy("measure", "Cut")


IN_ORDER: Sequence[str] = Measure.values


class Ground(models.TextChoices):
    """Why a user is never asked (req 56)."""

    IMPORTANT = "important", pgettext_lazy("exempt", "Important user")
    LIFE = "life", pgettext_lazy("exempt", "Life support or medical need")
    LIVELIHOOD = "livelihood", pgettext_lazy("exempt", "Livelihood")
    DROUGHT = "drought", pgettext_lazy("exempt", "Farming and drought relief")


class PlanState(models.TextChoices):
    """How far a version of a plan is."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("plan", "Handed in")
    APPROVED = "approved", pgettext_lazy("plan", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("plan", "Replaced")
    RETIRED = "retired", pgettext_lazy("plan", "Withdrawn")


class RunState(models.TextChoices):
    """How far one use of a plan is; whether it is ahead, under way or over is a comparison of instants."""

    ACTIVE = "active", pgettext_lazy("orderly run", "Announced")
    ENDED = "ended", pgettext_lazy("orderly run", "Ended")
    REVIEWED = "reviewed", pgettext_lazy("orderly run", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("orderly run", "Called off")


class Verb(models.TextChoices):
    """What is done to a plan, or to a run of it."""

    DRAFT = "draft", pgettext_lazy("plan act", "Written")
    EDIT = "edit", pgettext_lazy("plan act", "Changed")
    BATCH = "batch", pgettext_lazy("plan act", "Batch written")
    BATCH_REMOVE = "batch_remove", pgettext_lazy("plan act", "Batch taken out")
    EXEMPT = "exempt", pgettext_lazy("plan act", "Exempted")
    UNEXEMPT = "unexempt", pgettext_lazy("plan act", "Exemption lifted")
    SUBMIT = "submit", pgettext_lazy("plan act", "Handed in")
    SEND_BACK = "send_back", pgettext_lazy("plan act", "Sent back")
    APPROVE = "approve", pgettext_lazy("plan act", "Approved")
    REVISE = "revise", pgettext_lazy("plan act", "New version begun")
    SUPERSEDE = "supersede", pgettext_lazy("plan act", "Replaced by a newer version")
    RETIRE = "retire", pgettext_lazy("plan act", "Withdrawn")
    ACTIVATE = "activate", pgettext_lazy("plan act", "Activated")
    HAND_OVER = "hand_over", pgettext_lazy("plan act", "Notice handed over")
    RECORD = "record", pgettext_lazy("plan act", "Achieved load written down")
    CANCEL = "cancel", pgettext_lazy("plan act", "Called off")
    END = "end", pgettext_lazy("plan act", "Ended")
    REVIEW = "review", pgettext_lazy("plan act", "Closed")
