"""Invented awards of real colleges: program, level, year, sex and race, first and second majors."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.colleges import COLLEGES
from p20w.synthetic.columns import Ints, chance, generator
from p20w.synthetic.labor_market import PROGRAMS

YEARS: Final = (2022, 2023, 2024)
RACE_GROUPS: Final = ("AIAN", "ASIA", "BKAA", "HISP", "NHPI", "WHIT", "2MOR", "UNKN", "NRAL")
TECHNICAL_LEVELS: Final = ("20", "21", "2", "3")
UNIVERSITY_LEVELS: Final = ("5", "7")
_RACE_SHARES: Final = (0.01, 0.05, 0.06, 0.09, 0.002, 0.70, 0.04, 0.03, 0.018)
_DOCTOR_PROGRAMS: Final = {"51.1201": "17", "51.2001": "18"}
# Beginnings of codes: degrees that technical colleges do not give, trades that universities do not.
_AT_UNIVERSITIES: Final = (
    *("04", "11.0701", "13.1202", "13.1203", "14", "26", "27", "31", "40", "52.0801"),
)
_AT_TECHNICAL_COLLEGES: Final = (
    *("10", "11.0201", "12", "15", "19.0709", "22", "43.0203", "46", "47", "48", "49"),
    *("51.06", "51.07", "51.08", "51.09", "51.39", "52.0302", "52.0401"),
)
_SECOND_MAJOR: Final = 0.12


@dataclass(frozen=True, slots=True)
class Completions:
    """Awards as columns: one place per college, program, major number and award level.

    Attributes:
        college: row number in `COLLEGES`.
        program: row number in `PROGRAMS`.
        major: 1 or 2.
        level: award level code of IPEDS (coding from 2019-20).
        counts: awards by place, race group and sex (men, women).
        imputed: the whole place was imputed, not reported.
    """

    college: Ints
    program: Ints
    major: Ints
    level: np.ndarray
    counts: Ints
    imputed: np.ndarray


def draw_completions(seed: int, year: int, *, is_revised: bool) -> Completions:
    """Draw the awards of July 1 of the year before to June 30 of the year.

    Args:
        seed: names the state.
        year: the collection year, one of `YEARS`.
        is_revised: the revised figures: a few counts rise, nothing is imputed any more.
    """
    shape = generator(seed, "program offers")
    college, program, level = _offers(shape)
    size = shape.lognormal(2.6, 0.9, len(college))
    rng = generator(seed, f"completions {year}")
    total = rng.poisson(size)
    women = shape.beta(3, 3, len(college))
    split = rng.multinomial(total, _RACE_SHARES)
    female = rng.binomial(split, women[:, None])
    counts = np.stack([split - female, female], axis=2)
    imputed = chance(rng, 0.02, len(college))
    late = chance(rng, 0.03, len(college))
    if is_revised:
        counts[late, RACE_GROUPS.index("WHIT"), 0] += 1
        imputed[:] = False
    second = chance(rng, _SECOND_MAJOR, len(college))
    second &= np.isin(level, UNIVERSITY_LEVELS)
    twice = np.flatnonzero(second)
    kept = np.flatnonzero(total > 0)
    rows = np.r_[kept, twice]
    return Completions(
        college=college[rows],
        program=program[rows],
        major=np.r_[np.ones(len(kept)), np.full(len(twice), 2)].astype(np.int64),
        level=level[rows],
        counts=np.concatenate([counts[kept], counts[twice] // 8 + 1]).astype(np.int64),
        imputed=imputed[rows],
    )


def _offers(rng: np.random.Generator) -> tuple[Ints, Ints, np.ndarray]:
    """Return which program each college offers at which level."""
    rows: list[tuple[int, int, str]] = []
    for place, college in enumerate(COLLEGES):
        is_two_year = college.level == "2" or college.is_technical
        levels = TECHNICAL_LEVELS if is_two_year else UNIVERSITY_LEVELS
        elsewhere = _AT_UNIVERSITIES if is_two_year else _AT_TECHNICAL_COLLEGES
        share = 0.4 if college.is_technical else 0.45
        for program, found in enumerate(PROGRAMS):
            if found.cip_code in _DOCTOR_PROGRAMS:
                if college.unitid == "240444":
                    rows.append((place, program, _DOCTOR_PROGRAMS[found.cip_code]))
                continue
            if found.cip_code.startswith(elsewhere):
                continue
            offered = rng.random(len(levels)) < share * np.linspace(1.0, 0.5, len(levels))
            rows += [
                (place, program, level)
                for level, is_offered in zip(levels, offered, strict=True)
                if is_offered
            ]
    return (
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows], dtype=object),
    )
