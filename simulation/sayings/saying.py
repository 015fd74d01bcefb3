"""What a saying is: one thing a customer says and how the matter turns out."""

from dataclasses import dataclass

YES, NO, UNKNOWN = "yes", "no", "unsure"  # answers to “do the neighbours have power?”
TRIPPED, HELD, UNSEEN = "tripped", "on", "unseen"  # answers to “did the main switch trip?”
HOT, COLD = "hot", "cold"  # seasons a saying belongs to
HOMES, SHOPS, WORKS, FARMS = "residential", "business", "industrial", "agricultural"


@dataclass(frozen=True)
class Saying:
    """A matter in the customer's words, with its true cause, the work done and what the customer is answered.

    ``situation`` is the code of the form's first question (what is wrong, or the service wanted); ``klass`` and ``flag``
    say whose mouth it fits; ``place`` means a spot on the street instead of a customer's own supply point.
    """

    kind: str
    situation: str
    brief: str
    says: str
    cause: str
    result: str
    answer: str
    detail: str = ""  # what the form of this kind asks besides: what is damaged, since when, who did well
    neighbours: str = ""
    breaker: str = ""
    klass: str = HOMES
    hours: tuple[int, int] = (0, 24)  # when it can be said: “it is two in the afternoon” is not said at night
    who: str = ""  # parts of the names of those who can say it, “早餐店|面馆”
    flag: str = ""
    season: str = ""
    storm: bool = False
    place: bool = False
    instant: bool = False  # can be answered at the first contact
    unit: str = ""  # code of the department that handles it, where it is not the area's own crew or station
