"""What sets one kind of order apart, as data. `docs/adding-a-kind.md` is the checklist that goes with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workorders.choices import ClockKind, Kind, ServiceType, Situation, Verb


@dataclass(frozen=True)
class KindSpec:
    """``letters`` of the order code; what the closing loop asks before an order may be closed.

    ``settled_at_desk``: whoever was asked usually answers it at once. ``internal``: opened by ourselves, told to no
    customer, filed as soon as it is done.
    """

    letters: str
    needs_answer: bool = True
    needs_call_back: bool = True
    call_back_after_first_contact: bool = True
    confidential: bool = False
    settled_at_desk: bool = False
    internal: bool = False


KINDS: Mapping[str, KindSpec] = {
    Kind.FAULT: KindSpec("BX"),
    Kind.INQUIRY: KindSpec("ZX", call_back_after_first_contact=False, settled_at_desk=True),
    Kind.COMPLAINT: KindSpec("TS"),
    Kind.TIP_OFF: KindSpec("JB", confidential=True),
    Kind.SUGGESTION: KindSpec("JY", call_back_after_first_contact=False, settled_at_desk=True),
    Kind.OPINION: KindSpec("YJ", call_back_after_first_contact=False, settled_at_desk=True),
    Kind.PRAISE: KindSpec("BY", needs_answer=False, needs_call_back=False),
    Kind.SERVICE: KindSpec("FW", call_back_after_first_contact=False),
    Kind.TASK: KindSpec("RW", needs_answer=False, needs_call_back=False, internal=True),
}

# Who speaks is hidden outside the handling unit.
CONFIDENTIAL = frozenset(kind for kind, spec in KINDS.items() if spec.confidential)

# What only we know of.
INTERNAL = frozenset(kind for kind, spec in KINDS.items() if spec.internal)

# Services for which somebody drives out; a fault always is one.
ON_SITE = frozenset(
    {
        ServiceType.RECONNECTION,
        ServiceType.METER_CHECK,
        ServiceType.APPLIANCE_DAMAGE,
        ServiceType.VOLTAGE_QUALITY,
    }
)


def goes_out(kind: str, service_type: str) -> bool:
    """Whether the work is done at the customer's place, so that setting off and arriving are steps of it."""
    return kind == Kind.FAULT or service_type in ON_SITE


def is_dangerous(situation: str, flags: Collection[str]) -> bool:
    """Fallen wire, shock, fire, or somebody on life support without power. ``flags``: of the customer."""
    dark = situation in (Situation.WHOLE, Situation.PARTIAL)
    return situation == Situation.DANGER or (dark and "life_support" in flags)


@dataclass(frozen=True)
class ClockSpec:
    """Which acts move a clock of this kind; when it starts is said by its rule.

    ``also_starts_on``: another act that starts it when the rule's own did not come (a call-back is owed after an
    answer, even if nobody had to go out). ``voids_on``: acts that make it needless. ``for_customer``: its promise
    may be told outside (design §11: never dispatch, accept or call-back).
    """

    stops_on: frozenset[Verb]
    restarts_on: frozenset[Verb] = frozenset()
    also_starts_on: frozenset[Verb] = frozenset()
    voids_on: frozenset[Verb] = frozenset()
    for_customer: bool = True


def _verbs(*verbs: Verb) -> frozenset[Verb]:
    return frozenset(verbs)


V = Verb
CLOCKS: Mapping[str, ClockSpec] = {
    ClockKind.DISPATCH: ClockSpec(
        _verbs(V.DISPATCH), restarts_on=_verbs(V.RETURN), voids_on=_verbs(V.ANSWER), for_customer=False
    ),
    ClockKind.ACCEPT: ClockSpec(
        _verbs(V.ACCEPT, V.SET_OFF, V.ARRIVE, V.RETURN, V.TRANSFER),
        restarts_on=_verbs(V.DISPATCH, V.TRANSFER),
        voids_on=_verbs(V.ANSWER),
        for_customer=False,
    ),
    ClockKind.CONTACT: ClockSpec(_verbs(V.CONTACT, V.ARRIVE, V.ANSWER)),
    ClockKind.ARRIVE: ClockSpec(_verbs(V.ARRIVE), voids_on=_verbs(V.ANSWER)),
    ClockKind.RESTORE: ClockSpec(_verbs(V.FINISH), voids_on=_verbs(V.ANSWER)),
    ClockKind.RECONNECT: ClockSpec(_verbs(V.FINISH), voids_on=_verbs(V.ANSWER)),
    ClockKind.ANSWER: ClockSpec(_verbs(V.ANSWER)),
    ClockKind.CALL_BACK: ClockSpec(_verbs(V.CALL_BACK), also_starts_on=_verbs(V.ANSWER), for_customer=False),
    ClockKind.DONE: ClockSpec(_verbs(V.FINISH), for_customer=False),
}
# Acts after which nothing is owed any more.
VOIDING = _verbs(V.CANCEL, V.CLOSE)
