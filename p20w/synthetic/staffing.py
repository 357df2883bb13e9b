"""Invented employment of the nation by occupation within each sector, as the wage survey tells it.

Sectors, names and codes of owners are those of the survey, in which schools and hospitals of states
and localities, local gambling and the Postal Service are with private employers and all other
government is a sector of its own (sheet of fields of May 2024). Which sectors a group of
occupations works in follows a round table; an occupation leans a little from its group. Sums are
honest as far as rounding to 10 lets them: an occupation's sectors are the nation's jobs.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from p20w.synthetic.columns import Floats, generator
from p20w.synthetic.wages import NATION, Wage, wages_of


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of the survey; `owners` are those whose employees it counts."""

    code: str
    title: str
    owners: str


SECTORS: Final = (
    Sector("11", "Agriculture, Forestry, Fishing and Hunting", "5"),
    Sector("21", "Mining, Quarrying, and Oil and Gas Extraction", "5"),
    Sector("22", "Utilities", "5"),
    Sector("23", "Construction", "5"),
    Sector("31-33", "Manufacturing", "5"),
    Sector("42", "Wholesale Trade", "5"),
    Sector("44-45", "Retail Trade", "5"),
    Sector("48-49", "Transportation and Warehousing, with the Postal Service", "59"),
    Sector("51", "Information", "5"),
    Sector("52", "Finance and Insurance", "5"),
    Sector("53", "Real Estate and Rental and Leasing", "5"),
    Sector("54", "Professional, Scientific, and Technical Services", "5"),
    Sector("55", "Management of Companies and Enterprises", "5"),
    Sector("56", "Administrative and Support and Waste Management Services", "5"),
    Sector("61", "Educational Services, with public schools", "235"),
    Sector("62", "Health Care and Social Assistance, with public hospitals", "58"),
    Sector("71", "Arts, Entertainment, and Recreation", "57"),
    Sector("72", "Accommodation and Food Services", "57"),
    Sector("81", "Other Services (except Public Administration)", "5"),
    Sector("99", "Government, without schools, hospitals and the Postal Service", "123"),
)  # fmt: skip

# major group | sector and percent of the group's jobs in it, in turn
_STAFFING: Final = """
11|23 6 31-33 10 42 5 44-45 8 48-49 3 51 6 52 11 53 4 54 15 55 8 56 4 61 6 62 7 72 4 99 3
13|31-33 9 42 5 51 5 52 25 54 24 55 10 56 7 61 4 62 4 99 7
15|31-33 8 42 5 51 18 52 13 54 37 55 9 56 3 61 4 99 3
17|21 3 22 3 23 6 31-33 34 42 2 51 2 54 40 55 3 99 7
19|11 2 31-33 12 54 42 61 12 62 10 99 22
21|61 17 62 58 81 7 99 18
23|52 6 54 72 55 3 99 19
25|61 88 62 8 71 1 99 3
27|31-33 4 51 28 54 24 61 12 71 22 81 10
29|44-45 9 54 4 56 3 61 5 62 74 99 5
31|61 2 62 91 81 4 99 3
33|56 24 61 4 62 3 71 4 99 65
35|44-45 5 61 6 62 6 71 4 72 79
37|23 2 53 8 56 48 61 12 62 12 72 10 99 8
39|44-45 3 61 8 62 33 71 24 72 5 81 27
41|31-33 4 42 18 44-45 56 51 5 52 8 53 4 56 5
43|23 4 31-33 6 42 6 44-45 11 48-49 10 52 14 54 12 56 9 61 8 62 14 99 6
45|11 74 31-33 6 42 10 99 10
47|21 6 22 3 23 74 31-33 5 56 4 99 8
49|22 5 23 15 31-33 17 42 9 44-45 16 48-49 8 53 6 81 14 99 10
51|22 2 31-33 76 42 5 44-45 4 56 10 81 3
53|31-33 9 42 14 44-45 10 48-49 46 56 13 61 5 99 3
"""
_LEAN, _HIDDEN = 0.5, 0.02


def _group_shares() -> dict[str, Floats]:
    """Return the share of each sector in a major group's jobs."""
    places = {sector.code: place for place, sector in enumerate(SECTORS)}
    shares = {}
    for line in _STAFFING.strip().splitlines():
        group, _, pairs = line.partition("|")
        words = pairs.split()
        shares[group] = np.zeros(len(SECTORS))
        for code, percent in zip(words[::2], words[1::2], strict=True):
            shares[group][places[code]] = int(percent) / 100
    return shares


def staffing_of(vintage: int, seed: int) -> dict[str, list[Wage]]:
    """Return the estimates of each sector: its total, major groups, then occupations by code.

    An occupation without jobs in a sector has no row there; wages are the nation's.
    """
    rng = generator(seed, f"staffing {vintage}")
    shares = _group_shares()
    rows: dict[str, list[Wage]] = {sector.code: [] for sector in SECTORS}
    total, *others = wages_of(NATION, vintage, seed)
    for found in others:
        share = shares[found.soc_code[:2]]
        if found.level == "detailed":
            leaning = share * np.exp(rng.normal(0, _LEAN, len(SECTORS)))
            share = leaning / leaning.sum()
        jobs = np.round((found.employment or 0) * share / 10) * 10
        hidden = (rng.random(len(SECTORS)) < _HIDDEN) & (found.level == "detailed")
        for place, sector in enumerate(SECTORS):
            if jobs[place] > 0:
                told = None if hidden[place] else int(jobs[place])
                rows[sector.code].append(replace(found, employment=told))
    return {code: [_total(total, found), *found] for code, found in rows.items()}


def _total(nation: Wage, rows: list[Wage]) -> Wage:
    majors = sum(row.employment or 0 for row in rows if row.level == "major")
    return replace(nation, employment=majors)
