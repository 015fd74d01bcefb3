"""The sheet of parts, for whoever builds or checks pages: every part once, with fixed sample facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from workorders.choices import WINDOW, State
from workorders.promise import ClockFacts, Look, PromiseView, view

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 20, tzinfo=ZONE)


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A moment of the sample day."""
    return DAY.replace(hour=hour, minute=minute, second=second)


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """All parts on one sheet; only where pages are developed."""
    if not settings.DEV_PAGES:
        raise Http404
    now = at(14, 33)
    context = {
        "now": now,
        "chips": list(chip_rows()),
        "lines": [*map(sample, OPEN_LINES), dispatched(), *map(sample, OTHER_LINES)],
        "sentences": list(sentence_pairs()),
        "states": [(WINDOW[state], state.label) for state in STATES],
        "form": refused_form(),
        "returning": ReturnForm(),
    }
    return render(request, "dev/components.html", context)


# ── the promise in its eight looks ──────────────────────────────────────

OPEN_LINES = [Look.RUN, Look.WARN, Look.OVER, Look.LATE]
OTHER_LINES = [Look.PAUSED, Look.WAIT]


def sample(look: Look) -> PromiseView:
    """One promise of each look, in the language that is active."""
    if look is Look.NONE:
        return view(None, now=at(14, 32))
    facts, now = SAMPLES[look]()
    return view(facts, now=now)


def _arrive(now: datetime, **facts: Any) -> tuple[ClockFacts, datetime]:
    given: dict[str, Any] = {
        "label": pgettext("clock", "Arrive"),
        "kind": "arrive",
        "state": "running",
        "started_at": at(14, 32),
        "due_at": at(15, 17),
        "warn_at": at(14, 59),
    }
    return ClockFacts(**(given | facts)), now


def dispatched() -> PromiseView:
    """A kept promise of another kind, as a line."""
    facts, now = _arrive(
        at(14, 40),
        label=pgettext("clock", "Dispatch"),
        kind="dispatch",
        source=_("limit 3 min"),
        state="stopped",
        due_at=at(14, 35),
        stopped_at=at(14, 33, 40),
    )
    return view(facts, now=now)


def _paused() -> tuple[ClockFacts, datetime]:
    start = datetime(2026, 11, 18, 9, 10, tzinfo=ZONE)
    facts = ClockFacts(
        label=pgettext("clock", "Answer"),
        kind="answer",
        state="paused",
        started_at=start,
        paused_left=timedelta(hours=3, minutes=20),
        pauses=(
            (start + timedelta(minutes=110), start + timedelta(minutes=170)),
            (start + timedelta(minutes=300), None),
        ),
        source=_("waiting for papers from the customer"),
    )
    return facts, at(14, 32)


def _waiting() -> tuple[ClockFacts, datetime]:
    facts = ClockFacts(
        label=pgettext("clock", "Restore"),
        kind="restore",
        state="waiting",
        start_word=pgettext("start", "arrival"),
        waits_for=_("starts on arrival"),
        amount=_("%(h)d h") % {"h": 3},
        source=_("3 h after arrival"),
    )
    return facts, at(14, 32)


SAMPLES = {
    Look.RUN: lambda: _arrive(at(14, 39), source=_("Ten promises · 45 min"), start_word=pgettext("start", "received")),
    Look.WARN: lambda: _arrive(at(15, 11), source=_("the flame is near the tick")),
    Look.OVER: lambda: _arrive(
        at(14, 32), started_at=at(11, 37), due_at=at(12, 22), source=_("past the tick it is over")
    ),
    Look.LATE: lambda: _arrive(at(15, 40), state="stopped", stopped_at=at(15, 29), source=_("stopped")),
    Look.KEPT: lambda: _arrive(at(15, 10), state="stopped", stopped_at=at(15, 6)),
    Look.PAUSED: _paused,
    Look.WAIT: _waiting,
}
CHIPS = [
    (Look.RUN, pgettext_lazy("look", "running"), gettext_lazy("Pie = the share left; the blue line grows shorter")),
    (Look.WARN, pgettext_lazy("look", "warning"), gettext_lazy("Past the warn point: a flame, and the word is “only”")),
    (Look.OVER, pgettext_lazy("look", "broken"), gettext_lazy("Not done yet; the only red ground; time goes on")),
    (Look.LATE, pgettext_lazy("look", "done late"), gettext_lazy("Done, but late; red outline, time stands")),
    (Look.KEPT, pgettext_lazy("look", "kept"), gettext_lazy("Quiet; takes no attention")),
    (Look.PAUSED, pgettext_lazy("look", "paused"), gettext_lazy("Dashed; what is left stays, never alarms")),
    (Look.WAIT, pgettext_lazy("look", "waiting"), gettext_lazy("Starts when the step before is done")),
    (Look.NONE, pgettext_lazy("look", "none"), gettext_lazy("Praise and such; still takes its place")),
]


@dataclass(frozen=True)
class ChipRow:
    """One look: its name, the chip in both languages, when it is used."""

    name: Any
    zh: PromiseView
    en: PromiseView
    usage: Any


def chip_rows() -> Iterator[ChipRow]:
    """The eight looks, each in Chinese and in English whatever the page speaks."""
    for look, name, usage in CHIPS:
        with translation.override("zh-hans"):
            zh = sample(look)
        with translation.override("en"):
            en = sample(look)
        yield ChipRow(name, zh, en, usage)


# ── sentences, state, form ──────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """One sentence and what the customer was told."""

    language: str
    view: PromiseView
    new_time: datetime | None = None
    reason: str = ""
    next_words: str = ""


def sentence_pairs() -> Iterator[Said]:
    """Running and broken in both languages; kept and paused in the page's own."""
    for language in ("zh-hans", "en"):
        with translation.override(language):
            yield Said(language, sample(Look.RUN))
    for language in ("zh-hans", "en"):
        with translation.override(language):
            facts, now = _arrive(at(14, 32), started_at=at(13, 35), due_at=at(14, 20))
            reason = _("The job before took longer.")
            yield Said(language, view(facts, now=now), new_time=at(15, 10), reason=reason)
    here = translation.get_language() or "zh-hans"
    yield Said(here, sample(Look.KEPT), next_words=_("Being repaired, power back by 18:06"))
    yield Said(here, sample(Look.PAUSED), reason=_("We still need a photo of the title deed"))


STATES = [State.RECEIVED, State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS, State.ANSWERED, State.CLOSED]


class SampleForm(forms.Form):
    """Two fields, one to mend."""

    phone = forms.CharField(label=gettext_lazy("Contact phone"))
    place = forms.CharField(
        label=gettext_lazy("Address on site"), help_text=gettext_lazy("From the file; change it if it is elsewhere")
    )

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if len(phone) != 11:
            raise forms.ValidationError(_("A mobile number has 11 digits, this has %(n)d") % {"n": len(phone)})
        return phone


class ReturnForm(forms.Form):
    """The one field of the sample confirmation."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason for return"), choices=[("", gettext_lazy("not this crew's work"))]
    )


def refused_form() -> SampleForm:
    """A form as it comes back with 422."""
    form = SampleForm({"phone": "1397620", "place": "夜明珠街道桔城路 18 号"})
    form.is_valid()
    return form
