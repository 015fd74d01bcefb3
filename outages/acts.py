"""Each act as pages offer it: its button, what follows, its service, and which of them are this person's now."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outages.choices import Kind, State, Verb
from outages.forms.acts import FORMS, ActForm
from outages.models import Outage
from outages.offering import ActSpec, Offer, offered
from outages.policies import can
from outages.services.announcing import cancel, postpone, publish
from outages.services.restoring import begin, estimate, restore, restore_part, review
from outages.services.writing import approve, check, send_back
from outages.transitions import can_follow
from staff.models import Member


class OutageAct(ActSpec):
    """… with its form."""

    @property
    def form(self) -> type[ActForm]:
        return FORMS[self.verb]


V = Verb
_SPECS = (
    OutageAct(
        V.CHECK, pgettext_lazy("button", "Checked"), _("Are the facts right?"),
        _("Somebody else approves it then. Nobody is told yet."), check,
    ),
    OutageAct(
        V.APPROVE, pgettext_lazy("button", "Approve"), _("May it be announced?"),
        _("It can be announced then. Nobody is told yet."), approve,
    ),
    OutageAct(
        V.SEND_BACK, pgettext_lazy("button", "Send back"), _("What is to be mended?"),
        _("It is a draft again, for whoever wrote it."), send_back,
    ),
    OutageAct(
        V.PUBLISH, pgettext_lazy("button", "Announce"), _("Announce it now?"),
        _("The list of customers is frozen and the public page shows it at once."), publish,
    ),
    OutageAct(
        V.BEGIN, pgettext_lazy("button", "Power is off"), _("Since when is the power off?"),
        _("The list of customers is frozen; the public page and the counter say so at once."), begin,
    ),
    OutageAct(
        V.ESTIMATE, pgettext_lazy("button", "New time"), _("When will the power be back?"),
        _("The old time and the reason stay readable."), estimate,
    ),
    OutageAct(
        V.RESTORE_PART, pgettext_lazy("button", "Part is back"), _("Where is the power back?"),
        _("The others stay without power; each part is counted with its own time."), restore_part,
    ),
    OutageAct(
        V.RESTORE, pgettext_lazy("button", "Power is back"), _("Is the power back everywhere?"),
        _("The public page and the counter say so at once."), restore,
    ),
    OutageAct(
        V.POSTPONE, pgettext_lazy("button", "Put off"), _("Until when is it put off?"),
        _("Announced anew, it keeps the time ahead again."), postpone,
    ),
    OutageAct(
        V.CANCEL, pgettext_lazy("button", "Call off"), _("Call it off?"),
        _("It will not take place and cannot be taken up again."), cancel,
    ),
    OutageAct(
        V.REVIEW, pgettext_lazy("button", "Review"), _("Close the record?"),
        _("Nothing can be changed in it afterwards."), review,
    ),
)  # fmt: skip
SPECS: Mapping[str, OutageAct] = {spec.slug: spec for spec in _SPECS}

# What moves it on from where it is; the first that is this person's is the main button.
WAY: Mapping[State, tuple[Verb, ...]] = {
    State.DRAFT: (V.CHECK,),
    State.CHECKED: (V.APPROVE,),
    State.APPROVED: (V.PUBLISH,),
    State.PUBLISHED: (V.BEGIN,),
    State.POSTPONED: (V.PUBLISH,),
    State.UNDER_WAY: (V.RESTORE,),
    State.RESTORED: (V.REVIEW,),
}


def offers(outage: Outage, actor: Member) -> list[Offer]:
    """What this person may do now, what moves it on first; that one is shown with its reason when it is not theirs."""
    way = (V.BEGIN,) if outage.kind == Kind.FAULT and outage.state == State.DRAFT else WAY.get(State(outage.state), ())
    found = []
    for spec in _SPECS:
        if not can_follow(spec.verb, outage.state) or _is_pointless(spec.verb, outage):
            continue
        url = reverse("outages:act", args=[outage.code, spec.slug])
        found.append(offered(spec, url, can(spec.verb, actor, outage), moves_on=spec.verb in way))
    return sorted(filter(None, found), key=lambda offer: not offer.is_main)


def _is_pointless(verb: Verb, outage: Outage) -> bool:
    """Allowed by the table, but not for an outage of this kind or size."""
    if outage.is_ahead:
        return verb == V.BEGIN and outage.state != State.PUBLISHED
    if verb in (V.CHECK, V.APPROVE, V.SEND_BACK, V.PUBLISH, V.POSTPONE):
        return outage.kind == Kind.FAULT
    return False
