"""What is looked after before a season's peak (req 53)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.choices import display
from customers.models import Feeder, Transformer
from outages.choices import Season
from staff.models import Member, Unit
from workorders.models import WorkOrder

ONE_THING = Q(feeder__isnull=True, transformer__isnull=False) | Q(feeder__isnull=False, transformer__isnull=True)


class WatchItem(models.Model):
    """A feeder or transformer to be looked after before a season's peak: why, what will be done, who, by when.

    ``evidence`` keeps what the figures said when it was put on the list: outages, overloads, and of which days.
    ``order`` is the work order the task became, when it became one.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    season = models.CharField(_("season"), max_length=8, choices=Season)
    year = models.PositiveSmallIntegerField(_("year"))
    feeder = models.ForeignKey(
        Feeder, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("feeder")
    )
    transformer = models.ForeignKey(
        Transformer, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("transformer")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    reason = models.CharField(_("why it is watched"), max_length=200)
    evidence = models.JSONField(default=dict, blank=True)
    measure = models.CharField(_("what will be done"), max_length=200)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_on = models.DateField(_("to be done by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    outcome = models.CharField(_("what was done"), max_length=200, blank=True)
    order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    request_id = models.UUIDField(unique=True)  # of the latest act on it

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="outages_watch_of_one_thing", condition=ONE_THING),
            models.CheckConstraint(
                name="outages_watch_done_says_what", condition=Q(done_on__isnull=True) | ~Q(outcome="")
            ),
            *(
                models.UniqueConstraint(
                    fields=["season", "year", thing],
                    condition=Q(**{f"{thing}__isnull": False}),
                    name=f"outages_watch_{thing}_once",
                )
                for thing in ("feeder", "transformer")
            ),
        ]

    def __str__(self) -> str:
        return self.code

    get_season_display = display("season", Season)

    @property
    def thing(self) -> Feeder | Transformer:
        return self.feeder or self.transformer  # type: ignore[return-value]  # a constraint: one of them
