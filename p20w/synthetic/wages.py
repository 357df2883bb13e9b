"""Invented occupational employment and wages of the nation, five states and Wisconsin's areas.

Real codes and area names; figures follow one national median and employment per occupation, scaled
by area. Employment is rounded to 10; wages at or above the vintage's top code are not told.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.columns import generator
from p20w.synthetic.labor_market import MAJOR_GROUPS, OCCUPATIONS, Occupation

VINTAGES: Final = (2023, 2024)
TOP_HOURLY: Final = 115.0
TOP_ANNUAL: Final = 239_200
HOURS: Final = 2080
# Published under the code of the broad occupation, so that the nation's file has it twice.
COMBINED: Final = Occupation(
    "29-2010", "Clinical Laboratory Technologists and Technicians", 29, 345
)
ANNUAL_ONLY: Final = ("25-1199", "25-2021", "25-2022", "25-2031", "27-2022")
HOURLY_ONLY: Final = ("27-2011",)
PERCENTILES: Final = (0.62, 0.79, 1.0, 1.29, 1.66)
_MEAN: Final = 1.08
_HIDDEN_WAGE, _HIDDEN_EMPLOYMENT = 0.015, 0.02


@dataclass(frozen=True, slots=True)
class Area:
    """An area: OEWS code, title, type, primary state, share of national jobs, wage level."""

    code: str
    title: str
    kind: str
    state: str
    share: float
    wage_level: float
    first_vintage: int = 0


NATION: Final = Area("99", "U.S.", "1", "US", 1.0, 1.0)
STATES: Final = (
    Area("17", "Illinois", "2", "IL", 0.039, 1.03),
    Area("19", "Iowa", "2", "IA", 0.0102, 0.93),
    Area("26", "Michigan", "2", "MI", 0.0285, 0.97),
    Area("27", "Minnesota", "2", "MN", 0.0191, 1.04),
    Area("55", "Wisconsin", "2", "WI", 0.0190, 0.97),
)
LOCAL_AREAS: Final = (
    Area("11540", "Appleton, WI", "4", "WI", 0.00080, 0.97),
    Area("20260", "Duluth, MN-WI", "4", "MN", 0.00081, 0.95),
    Area("20740", "Eau Claire, WI", "4", "WI", 0.00058, 0.95),
    Area("22540", "Fond du Lac, WI", "4", "WI", 0.00030, 0.94),
    Area("24580", "Green Bay, WI", "4", "WI", 0.00113, 0.96),
    Area("27500", "Janesville-Beloit, WI", "4", "WI", 0.00045, 0.95),
    Area("28450", "Kenosha, WI", "4", "WI", 0.00047, 0.98, 2024),
    Area("29100", "La Crosse-Onalaska, WI-MN", "4", "WI", 0.00050, 0.95),
    Area("31540", "Madison, WI", "4", "WI", 0.00264, 1.03),
    Area("33340", "Milwaukee-Waukesha, WI", "4", "WI", 0.00537, 1.01),
    Area("33460", "Minneapolis-St. Paul-Bloomington, MN-WI", "4", "MN", 0.01260, 1.08),
    Area("36780", "Oshkosh-Neenah, WI", "4", "WI", 0.00061, 0.97),
    Area("39540", "Racine-Mount Pleasant, WI", "4", "WI", 0.00048, 0.96),
    Area("43100", "Sheboygan, WI", "4", "WI", 0.00039, 0.95),
    Area("48140", "Wausau, WI", "4", "WI", 0.00044, 0.94),
    Area("5500003", "South Central Wisconsin nonmetropolitan area", "6", "WI", 0.00132, 0.92),
    Area("5500004", "Western Wisconsin nonmetropolitan area", "6", "WI", 0.00098, 0.91),
    Area("5500001", "Northwestern Wisconsin nonmetropolitan area", "6", "WI", 0.00058, 0.90),
    Area("5500002", "Northeastern Wisconsin nonmetropolitan area", "6", "WI", 0.00135, 0.92),
)


@dataclass(frozen=True, slots=True)
class Wage:
    """One estimate; None where the publisher does not tell it.

    `hourly` and `annual` hold mean, then the 10th, 25th, 50th, 75th and 90th percentile; `level` is
    total, major, broad or detailed.
    """

    soc_code: str
    title: str
    level: str
    employment: int | None
    per_1000: float
    quotient: float
    hourly: tuple[float, ...] | None
    annual: tuple[int, ...] | None


def wages_of(area: Area, vintage: int, seed: int) -> list[Wage]:
    """Return the estimates of one area: the total, major groups, then occupations by code."""
    rng = generator(seed, f"wages {area.code} {vintage}")
    growth = 1.0 if vintage == VINTAGES[-1] else 0.965
    occupations = sorted((*OCCUPATIONS, COMBINED), key=lambda found: found.soc_code)
    national = np.array([found.employment * 1000.0 for found in occupations])
    tilt = np.exp(rng.normal(0, 0.25, len(occupations))) if area is not NATION else 1.0
    jobs = _tens(national * area.share * growth * tilt)
    medians = np.array([float(found.hourly_wage) for found in occupations])
    wages = medians * area.wage_level * growth * np.exp(rng.normal(0, 0.04, len(occupations)))
    groups = [found.soc_code[:2] for found in occupations]
    majors = {code: _major(jobs, wages, groups, code[:2]) for code in MAJOR_GROUPS}
    total = sum(number for number, _ in majors.values())
    shares = national / (national.sum() * 1.25)
    hidden = rng.random((2, len(occupations))) < np.array([[_HIDDEN_EMPLOYMENT], [_HIDDEN_WAGE]])
    if area is NATION:
        hidden[0] = False
    average = sum(number * wage for number, wage in majors.values()) / total
    rows = [_estimate("00-0000", "All Occupations", "total", total, 1000.0, 1.0, average)]
    for code, title in MAJOR_GROUPS.items():
        number, wage = majors[code]
        rows.append(_estimate(code, title, "major", number, 1000.0 * number / total, 1.0, wage))
    for place, found in enumerate(occupations):
        share = jobs[place] / total
        row = _estimate(
            found.soc_code, found.title, "detailed",
            None if hidden[0, place] else int(jobs[place]),
            1000 * share, share / shares[place],
            None if hidden[1, place] else float(wages[place]),
        )  # fmt: skip
        rows.append(row)
    return rows


def _tens(values: np.ndarray) -> np.ndarray:
    return np.maximum(np.round(values / 10) * 10, 30).astype(np.int64)


def _major(jobs: np.ndarray, wages: np.ndarray, groups: list[str], major: str) -> tuple[int, float]:
    """Return employment and wage of a major group: a quarter more than what is detailed."""
    rows = np.array([group == major for group in groups])
    number = int(_tens(np.array([jobs[rows].sum() * 1.25]))[0])
    return number, float(np.average(wages[rows], weights=jobs[rows]))


def _estimate(
    code: str,
    title: str,
    level: str,
    employment: int | None,
    per_1000: float,
    quotient: float,
    wage: float | None,
) -> Wage:
    hourly = annual = None
    if wage is not None:
        hourly = tuple(round(wage * factor, 2) for factor in (_MEAN, *PERCENTILES))
        annual = tuple(round(wage * factor * HOURS / 10) * 10 for factor in (_MEAN, *PERCENTILES))
    return Wage(
        soc_code=code,
        title=title,
        level=level,
        employment=employment,
        per_1000=round(per_1000, 3),
        quotient=round(quotient, 2),
        hourly=None if code in ANNUAL_ONLY else hourly,
        annual=None if code in HOURLY_ONLY else annual,
    )
