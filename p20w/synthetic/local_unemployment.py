"""Invented labor force, employment and unemployment of Wisconsin's counties, by month.

Counts follow each county's population; unemployment follows the season and a county's own level.
The state is the sum of its counties, annual averages are the mean of their months, and October 2025
was never collected. A benchmark (`released` later) moves every figure of earlier years a little.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.columns import Floats, Ints, generator
from p20w.synthetic.geography import COUNTIES

FIRST_YEAR: Final = 2021
LAST_MONTH: Final = (2025, 12)
NEVER_COLLECTED: Final = (2025, 10)
PRELIMINARY: Final = LAST_MONTH
_PARTICIPATION: Final = 0.53
_SEASON: Final = (1.12, 1.14, 1.06, 0.97, 0.92, 1.04, 1.02, 0.98, 0.93, 0.90, 0.93, 0.99)


@dataclass(frozen=True, slots=True)
class LaborForce:
    """Employed and unemployed residents by month (rows) and county (columns), both counts >= 0."""

    months: tuple[tuple[int, int], ...]
    employed: Ints
    unemployed: Ints

    def annual(self, year: int) -> tuple[Ints, Ints]:
        """Annual averages of employed and unemployed by county, rounded to whole persons."""
        rows = [
            place
            for place, month in enumerate(self.months)
            if month[0] == year and month != NEVER_COLLECTED
        ]
        employed = np.rint(self.employed[rows].mean(axis=0)).astype(np.int64)
        unemployed = np.rint(self.unemployed[rows].mean(axis=0)).astype(np.int64)
        return employed, unemployed


def draw_labor_force(seed: int, benchmark: int = 0) -> LaborForce:
    """Return the months of all counties.

    Args:
        seed: names the state.
        benchmark: how often the publisher has revised the figures since they came out.
    """
    months = tuple(
        (year, month)
        for year in range(FIRST_YEAR, LAST_MONTH[0] + 1)
        for month in range(1, 13)
        if (year, month) <= LAST_MONTH
    )
    rng = generator(seed, "local unemployment")
    population = np.array([county.population for county in COUNTIES]) * 1000
    level = rng.uniform(0.022, 0.048, len(COUNTIES))
    trend = np.linspace(0.99, 1.02, len(months))[:, None]
    labor_force = population * _PARTICIPATION * trend * rng.normal(1, 0.004, (len(months), 1))
    if benchmark:
        revised = generator(seed, f"benchmark {benchmark}")
        labor_force = labor_force * revised.normal(1.002, 0.003, len(COUNTIES))
    season = np.array([_SEASON[month - 1] for _, month in months])[:, None]
    rate: Floats = level * season
    total = np.rint(labor_force).astype(np.int64)
    unemployed = np.rint(total * rate).astype(np.int64)
    return LaborForce(months, total - unemployed, unemployed)


def rate_pct(employed: int, unemployed: int) -> float:
    """Return unemployed as a percentage of the labor force, one digit, half up as BLS rounds."""
    return (1000 * unemployed * 2 + employed + unemployed) // (2 * (employed + unemployed)) / 10


def without_season(unemployed: int, month: int) -> int:
    """Return a month's unemployed with their season taken out; months from 1."""
    return round(unemployed / _SEASON[month - 1])
