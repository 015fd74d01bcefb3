"""Which reasons and ways fit an order, of the catalogues in `workorders.choices`. Pure."""

from workorders.choices import AnswerWay, Channel, LateReason, ReturnReason
from workorders.kinds import goes_out

R, L = ReturnReason, LateReason

# These find fault with a result; work that has none yet cannot be sent back for them.
OF_A_RESULT = frozenset({R.OFF_TOPIC, R.NO_CONTACT, R.NO_EVIDENCE, R.INCONSISTENT})
# These are met outside, by those who drive to the place.
ON_THE_SPOT = frozenset({R.NO_ACCESS, R.LIVE_LINE})
ON_THE_ROAD = frozenset({L.JOB_BEFORE, L.TRAFFIC, L.WEATHER, L.PARTS, L.MANY_FAULTS, L.ACCESS})

# Whoever came in person is told in person where nothing else is said; the others are called.
ANSWERED_BY = {
    Channel.COUNTER: AnswerWay.IN_PERSON,
    Channel.VISIT: AnswerWay.IN_PERSON,
    Channel.LETTER: AnswerWay.WRITING,
}


def return_reasons(kind: str, service_type: str) -> list[ReturnReason]:
    """Why work may come back to the desk before it has a result."""
    outside = goes_out(kind, service_type)
    return [reason for reason in R if reason not in OF_A_RESULT and (outside or reason not in ON_THE_SPOT)]


def late_reasons(kind: str, service_type: str) -> list[LateReason]:
    """Why a promise may be late; roads, weather and spare parts only where somebody drives out."""
    outside = goes_out(kind, service_type)
    return [reason for reason in L if outside or reason not in ON_THE_ROAD]


def answer_way(told_by: str) -> AnswerWay:
    """The way itself, or the one that fits where the customer came to us."""
    if told_by in AnswerWay.values:
        return AnswerWay(told_by)
    return ANSWERED_BY.get(Channel(told_by), AnswerWay.PHONE)
