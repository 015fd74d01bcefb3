"""Clocks and what they fire."""

from django.db import models
from django.db.models import F, Q

from common.choices import display
from workorders.choices import Base, ClockKind, ClockState, Stage, Target, Verb
from workorders.models.rule import PolicyRule


class Clock(models.Model):
    """One promise with a due instant, on the values its rule had when it was made.

    ``stages`` is the ladder projected to instants, ``fire_at`` the next rung not yet fired: the sweep looks at nothing
    else. ``generation`` grows whenever the due instant moves, so that each aim is alarmed once. Late is a comparison of
    instants (`stopped_at` or now against ``due_at``), never a flag.
    """

    # Both without an index of their own: `workorders_clock_once` begins with the order, and rules are never deleted.
    order = models.ForeignKey("workorders.WorkOrder", on_delete=models.CASCADE, related_name="clocks", db_index=False)
    rule = models.ForeignKey(PolicyRule, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=20, choices=ClockKind)
    ordinal = models.PositiveSmallIntegerField(default=0)  # a returned order is dispatched, and clocked, again
    order_generation = models.PositiveSmallIntegerField(default=1)
    generation = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ClockState)

    # frozen from the rule
    starts_on = models.CharField(max_length=20, choices=Verb)
    base = models.CharField(max_length=20, choices=Base)
    amount = models.PositiveIntegerField()
    target = models.CharField(max_length=10, choices=Target)
    per_order = models.BooleanField(default=True)
    is_promise = models.BooleanField(default=False)

    started_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    stages = models.JSONField(default=list)
    next_stage = models.PositiveSmallIntegerField(default=0)
    fire_at = models.DateTimeField(null=True)
    sweep_error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "order_generation", "rule", "ordinal"], name="workorders_clock_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.WAITING, due_at__isnull=True)
                | Q(state=ClockState.VOID)
                | Q(due_at__isnull=False, started_at__isnull=False),
                name="workorders_clock_due_when_started",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClockState.STOPPED) | Q(stopped_at__isnull=False), name="workorders_clock_stopped_at"
            ),
            models.CheckConstraint(
                condition=Q(fire_at__isnull=True) | Q(state=ClockState.RUNNING), name="workorders_clock_fires_running"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="workorders_clock_stops_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["fire_at"], name="workorders_clock_fire", condition=Q(fire_at__isnull=False)),
            models.Index(
                fields=["stopped_at", "kind"],
                name="workorders_clock_ended",
                condition=Q(state=ClockState.STOPPED),
            ),
        ]

    get_kind_display = display("kind", ClockKind)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_at}"


class ClockSegment(models.Model):
    """A stretch of a clock's life: it ran, or it stood still for a reason.

    Written from a clock's first pause on; a clock that never stood still is its own single stretch.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="segments")
    is_running = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ended_at__isnull=True), name="workorders_segment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="workorders_segment_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.started_at}"


class Alarm(models.Model):
    """A rung of a clock's ladder that fired: once per clock, generation and stage."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="alarms", db_index=False)  # see alarm_once
    generation = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=12, choices=Stage)
    planned_at = models.DateTimeField()
    fired_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "generation", "stage"], name="workorders_alarm_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.stage}"


class Heartbeat(models.Model):
    """When a running job last finished a pass; pages show a banner when it is old."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    took_s = models.FloatField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
