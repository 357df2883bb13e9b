"""Invented nonfarm jobs of Wisconsin by industry and month, in hundreds.

Each industry has a size (of 2025, as published: about right), a trend and a season of its own;
totals are the sum of their parts. October 2025 is there: its figures came out with November's.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.columns import Floats, Ints, generator
from p20w.synthetic.local_unemployment import FIRST_YEAR, LAST_MONTH

PRELIMINARY: Final = (LAST_MONTH[0], LAST_MONTH[1] - 1), LAST_MONTH
TOTAL, PRIVATE, GOVERNMENT = "00000000", "05000000", "90000000"


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry of the survey: code, name, jobs in thousands, swing of its season (a share)."""

    code: str
    name: str
    jobs: float
    swing: float


SUPERSECTORS: Final = (
    Industry("15000000", "Mining, Logging, and Construction", 150.2, 0.08),
    Industry("30000000", "Manufacturing", 461.7, 0.01),
    Industry("40000000", "Trade, Transportation, and Utilities", 552.4, 0.02),
    Industry("50000000", "Information", 45.9, 0.01),
    Industry("55000000", "Financial Activities", 150.3, 0.01),
    Industry("60000000", "Professional and Business Services", 330.8, 0.03),
    Industry("65000000", "Private Education and Health Services", 494.6, 0.01),
    Industry("70000000", "Leisure and Hospitality", 288.1, 0.09),
    Industry("80000000", "Other Services", 152.5, 0.02),
    Industry(GOVERNMENT, "Government", 407.3, 0.04),
)
PARTS: Final = {
    "30000000": Industry("31000000", "Durable Goods", 276.4, 0.01),
    "40000000": Industry("42000000", "Retail Trade", 296.9, 0.03),
    "65000000": Industry("65620000", "Health Care and Social Assistance", 432.2, 0.01),
    "70000000": Industry("70722000", "Food Services and Drinking Places", 210.7, 0.07),
}
TOTALS: Final = (
    Industry(TOTAL, "Total Nonfarm", 0, 0),
    Industry(PRIVATE, "Total Private", 0, 0),
)
INDUSTRIES: Final = (*TOTALS, *SUPERSECTORS, *PARTS.values())


@dataclass(frozen=True, slots=True)
class Payrolls:
    """Jobs in hundreds by industry's code and month, with the season and without it."""

    months: tuple[tuple[int, int], ...]
    unadjusted: dict[str, Ints]
    adjusted: dict[str, Ints]

    def annual(self, code: str, year: int) -> int:
        """Annual average of a whole year, in hundreds."""
        rows = [place for place, (one, _) in enumerate(self.months) if one == year]
        return int(np.rint(self.unadjusted[code][rows].mean()))


def draw_payrolls(seed: int) -> Payrolls:
    """Return the months of all industries; the seed names the state."""
    months = tuple(
        (year, month)
        for year in range(FIRST_YEAR, LAST_MONTH[0] + 1)
        for month in range(1, 13)
        if (year, month) <= LAST_MONTH
    )
    rng = generator(seed, "payrolls")
    angle = np.array([2 * np.pi * (month - 7) / 12 for _, month in months])
    smooth: dict[str, Floats] = {}
    season: dict[str, Floats] = {}
    for one in (*SUPERSECTORS, *PARTS.values()):
        growth = np.linspace(rng.uniform(0.93, 1.0), 1.0, len(months))
        smooth[one.code] = one.jobs * 10 * growth * rng.normal(1, 0.001, len(months))
        season[one.code] = 1 + one.swing * np.cos(angle)
    unadjusted = {code: _whole(smooth[code] * season[code]) for code in smooth}
    adjusted = {code: _whole(smooth[code]) for code in smooth}
    for jobs in (unadjusted, adjusted):
        jobs[TOTAL] = sum((jobs[one.code] for one in SUPERSECTORS), np.zeros_like(jobs["30000000"]))
        jobs[PRIVATE] = jobs[TOTAL] - jobs[GOVERNMENT]
    return Payrolls(months, unadjusted, adjusted)


def _whole(jobs: Floats) -> Ints:
    whole: Ints = np.rint(jobs).astype(np.int64)
    return whole
