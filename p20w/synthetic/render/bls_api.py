"""Series of the public API of the Bureau of Labor Statistics that its state flat file lacks.

The state's labor force with its season taken out (LASST55...), and its ratios to the population.
"""

from typing import Final

from p20w.synthetic.geography import COUNTIES, STATE_FIPS
from p20w.synthetic.labstat_api import Figure
from p20w.synthetic.local_unemployment import (
    NEVER_COLLECTED,
    PRELIMINARY,
    draw_labor_force,
    rate_pct,
    without_season,
)
from p20w.synthetic.state import SyntheticState

_AREA: Final = f"ST{STATE_FIPS}00000000000"
_ADULTS: Final = 0.81
RATIOS: Final = ("07", "08", "09")


def series(state: SyntheticState) -> dict[str, tuple[Figure, ...]]:
    """Return the figures by series, oldest first."""
    labor_force = draw_labor_force(state.seed)
    adults = round(sum(county.population for county in COUNTIES) * 1000 * _ADULTS)
    made: dict[str, list[Figure]] = {}
    for row, month in enumerate(labor_force.months):
        employed = int(labor_force.employed[row].sum())
        unemployed = int(labor_force.unemployed[row].sum())
        smooth = without_season(unemployed, month[1])
        unadjusted = _measures(employed, unemployed, adults)
        adjusted = _measures(employed + unemployed - smooth, smooth, adults)
        named = {f"LAS{_AREA}{code}": told for code, told in adjusted.items()}
        named |= {f"LAU{_AREA}{code}": unadjusted[code] for code in RATIOS}
        for name, told in named.items():
            made.setdefault(name, []).append(_figure(month, told))
    return {name: tuple(figures) for name, figures in made.items()}


def _measures(employed: int, unemployed: int, adults: int) -> dict[str, str]:
    labor_force = employed + unemployed
    return {
        "03": f"{rate_pct(employed, unemployed):.1f}",
        "04": str(unemployed),
        "05": str(employed),
        "06": str(labor_force),
        "07": f"{100 * employed / adults:.1f}",
        "08": f"{100 * labor_force / adults:.1f}",
        "09": str(adults),
    }


def _figure(month: tuple[int, int], told: str) -> Figure:
    if month == NEVER_COLLECTED:
        return Figure(*month, "-", "X")
    return Figure(*month, told, "P" if month == PRELIMINARY else "")
