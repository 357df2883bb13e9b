"""Invented projections of employment and openings, by occupation and area.

Employment follows one national figure per occupation; openings are growth a year and separations,
and separations are people who leave the labor force and people who change their occupation. In
Wisconsin 53 of 100 openings are such transfers, as in its true projections of 2022-32.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.columns import Floats, generator
from p20w.synthetic.geography import COUNTIES, STATE_FIPS, WORKFORCE_AREAS
from p20w.synthetic.labor_market import OCCUPATIONS
from p20w.synthetic.wages import STATES

TRANSFER_SHARE: Final = 0.53
NATION: Final = "0"
_NATIONAL_TRANSFERS: Final = 0.54


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when, and over how many years growth is spread."""

    horizon: str
    base: int
    projected: int

    @property
    def years(self) -> int:
        """Length of the period."""
        return self.projected - self.base


EARLIER_LONG: Final = Period("long", 2022, 2032)
LONG: Final = Period("long", 2024, 2034)
SHORT: Final = Period("short", 2025, 2027)


@dataclass(frozen=True, slots=True)
class Projection:
    """Persons, one place an occupation in the order of `OCCUPATIONS`; flows are a year's."""

    base: Floats
    projected: Floats
    exits: Floats
    transfers: Floats

    def openings(self, years: int) -> Floats:
        """Growth a year and separations; a shrinking occupation has fewer than it loses."""
        return (self.projected - self.base) / years + self.exits + self.transfers


def project(area: str, period: Period, seed: int) -> Projection:
    """Return the projection of the nation (`0`) or of a state (FIPS)."""
    rng = generator(seed, "projections of the nation")
    count = len(OCCUPATIONS)
    growth = rng.normal(0.0045, 0.007, count)
    exit_rate, transfer_rate = rng.uniform(0.028, 0.055, count), rng.uniform(0.045, 0.075, count)
    employment = np.array([found.employment * 1000.0 for found in OCCUPATIONS])
    if area != NATION:
        local = generator(seed, f"projections {area}")
        share = {state.code: state.share for state in STATES}[area]
        employment = employment * share * np.exp(local.normal(0, 0.2, count))
        growth = growth + local.normal(0, 0.002, count)
    base = employment * (1 + growth) ** (period.base - LONG.base)
    projected = base * (1 + growth) ** period.years
    mean = (base + projected) / 2
    exits, transfers = mean * exit_rate, mean * transfer_rate
    openings = (projected - base) / period.years + exits + transfers
    aim = TRANSFER_SHARE if area == STATE_FIPS else _NATIONAL_TRANSFERS
    moved = transfers * (aim * openings.sum() / transfers.sum())
    return Projection(base, projected, exits + transfers - moved, moved)


def project_workforce_areas(period: Period, seed: int) -> dict[str, Projection]:
    """Return the projections of the workforce areas, which add up to Wisconsin's."""
    state = project(STATE_FIPS, period, seed)
    people = dict.fromkeys(WORKFORCE_AREAS, 0)
    for county in COUNTIES:
        people[county.workforce_area] += county.population
    rng = generator(seed, "projections of workforce areas")
    weights = np.array(list(people.values()), float)[:, None] * np.exp(
        rng.normal(0, 0.15, (len(people), len(OCCUPATIONS)))
    )
    shares = weights / weights.sum(axis=0)
    return {
        f"WDA{number:02d}": Projection(
            state.base * share, state.projected * share, state.exits * share,
            state.transfers * share,
        )
        for number, share in zip(people, shares, strict=True)
    }  # fmt: skip
