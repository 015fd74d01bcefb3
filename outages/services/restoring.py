"""While the power is off: since when, until when as far as anybody knows, and how it comes back, part by part."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from common.errors import Refusal
from outages.choices import Kind, State, Verb
from outages.models import Affected, Outage, OutageStep, OutageVersion
from outages.services.change import Change, act
from outages.services.freezing import freeze


@act(Verb.BEGIN)
def begin(change: Change, *, at: datetime | None = None, expected_at: datetime | None = None,
          next_news_at: datetime | None = None) -> None:  # fmt: skip
    """The power is off. A fault is known the moment somebody confirms it; what is announced has been announced before.

    Raises: Refusal without an estimate or a time of the next news: people are always told one of them.
    """
    outage = change.outage
    if outage.is_ahead and outage.state != State.PUBLISHED:
        raise Refusal(_("Nobody has been told yet: announce it first."))
    began = change.happened(at)
    change.set(began_at=began)
    _estimate(change, expected_at or (outage.ends_at if outage.is_ahead else None), next_news_at)
    if not outage.version or outage.kind == Kind.FAULT:
        freeze(outage, actor=change.actor, now=change.now)
        change.touched |= {"version", "customers"}
        change.set(published_at=outage.published_at or change.now)
    boxes = outage.versions.get(number=outage.version).boxes
    OutageStep.objects.create(outage=outage, number=1, transformers=boxes, customers=outage.customers, began_at=began)


@act(Verb.ESTIMATE)
def estimate(
    change: Change, *, reason: str, expected_at: datetime | None = None, next_news_at: datetime | None = None
) -> None:
    """Another time of return, or the honest “not known, next news at”, for all who were told the earlier one."""
    if not reason.strip():
        raise Refusal(_("Say why. Everybody who was told will read it."), field="reason")
    change.text = reason.strip()
    change.data = {"was": change.outage.expected_at.isoformat() if change.outage.expected_at else None}
    _estimate(change, expected_at, next_news_at)


@act(Verb.RESTORE_PART)
def restore_part(change: Change, *, transformers: Collection[int], at: datetime | None = None) -> None:
    """Some of the transformers have power again; the others stay what they were."""
    outage = change.outage
    back = change.happened(at, not_before=outage.began_at)
    off = outage.steps.select_for_update().get(restored_at__isnull=True)
    parted, left = set(transformers) & set(off.transformers), set(off.transformers) - set(transformers)
    if not parted:
        raise Refusal(_("None of these is without power."), field="transformers")
    if not left:
        raise Refusal(_("These are all that is left: the power is back, not in part."), field="transformers")
    customers = _customers(outage, parted)
    change.data = {"customers": customers, "transformers": len(parted)}
    last = outage.steps.count()
    OutageStep.objects.create(
        outage=outage, number=last + 1, transformers=sorted(left), customers=off.customers - customers,
        began_at=off.began_at,
    )  # fmt: skip
    off.transformers, off.customers, off.restored_at = sorted(parted), customers, back
    off.save(update_fields=["transformers", "customers", "restored_at"])


@act(Verb.RESTORE)
def restore(change: Change, *, at: datetime | None = None) -> None:
    """Everybody has power again."""
    outage = change.outage
    latest = max((s.restored_at for s in outage.steps.all() if s.restored_at), default=outage.began_at)
    back = change.happened(at, not_before=latest)
    outage.steps.filter(restored_at__isnull=True).update(restored_at=back)
    change.set(restored_at=back, expected_at=None, next_news_at=None)


@act(Verb.REVIEW)
def review(change: Change, *, text: str) -> None:
    """What is to be learnt from it; the record is closed. Causes that nobody knows yet are not a review."""
    if change.outage.cause == "unknown":
        raise Refusal(_("Say what the cause was first."), field="cause")
    if not text.strip():
        raise Refusal(_("Say what is to be learnt from it, be it nothing."), field="text")
    change.text = text.strip()[:300]


def refit(outage: Outage, version: OutageVersion) -> None:
    """What is still off after the list has changed: all of it but the parts that are back, counted anew.

    Raises: Refusal when nothing of the new list is off any more.
    """
    steps = list(outage.steps.select_for_update())
    back = {box for step in steps if step.restored_at for box in step.transformers}
    left = sorted(set(version.boxes) - back)
    if not left:
        raise Refusal(_("Everything in this list has power again: say that it is back instead."), field="scope")
    off = next(step for step in steps if step.restored_at is None)
    off.transformers, off.customers = left, _customers(outage, left)
    off.save(update_fields=["transformers", "customers"])


def _estimate(change: Change, expected_at: datetime | None, next_news_at: datetime | None) -> None:
    if bool(expected_at) == bool(next_news_at):
        raise Refusal(_("Give the time of return, or when there will be news: one of them."), field="expected_at")
    for name, at in (("expected_at", expected_at), ("next_news_at", next_news_at)):
        if at and at <= change.now:
            raise Refusal(_("Choose a time that is still to come."), field=name)
    change.set(expected_at=expected_at, next_news_at=next_news_at)
    if expected_at:
        change.set(first_expected_at=change.outage.first_expected_at or expected_at, last_expected_at=expected_at)


def _customers(outage: Outage, transformers: Collection[int]) -> int:
    version = outage.versions.get(number=outage.version)
    rows = Affected.objects.filter(version=version, transformer_id__in=transformers)
    return rows.aggregate(n=Count("customer_id", distinct=True))["n"]
