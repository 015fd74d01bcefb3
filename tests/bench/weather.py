"""How the machine feels just now. The design's budgets for pages are milliseconds of a machine on which a bare Django list
of 25 rows takes nine; here they are held against that very list, measured in the same minutes.
"""

from staff.models import Member
from tests.bench.bare import bare_window, project, tables
from tests.bench.lines import BenchLine, at_most_times
from tests.bench.pages import p50_ms, shown

CALM_MS = 9.0


def bare_list_ms(member: Member, *, times: int = 20) -> float:
    """The bare list in the present database, the middle of ``times`` answers."""
    with tables(member), project():
        return p50_ms(shown(bare_window(member), "/tickets/", times=times))[0]


def within_ms(name: str, figure: float, budget_ms: float, *, bare_ms: float, note: str = "") -> BenchLine:
    """A page's p50 beside its budget, both as multiples of the bare list."""
    said = f"{note}; {budget_ms:g} ms where the list takes {CALM_MS:g}".lstrip("; ")
    return at_most_times(name, figure, "ms", other=bare_ms, times=round(budget_ms / CALM_MS, 1), note=said)
