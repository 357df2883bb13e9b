"""Invented establishments, jobs and wages of Wisconsin's counties, by industry, owner and month.

Titles and supersectors are real (North American Industry Classification System; the sums 10, 101 to
1029 are the Bureau of Labor Statistics' own); national jobs are round figures, county figures
follow population, an invented mix and the season. Sums are honest: the state is its counties and
an unknown one, an industry the industries within it. Small and dominated cells of counties are
undisclosed, and one more beside each that would stand alone.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from p20w.synthetic.columns import Bools, Floats, Ints, generator
from p20w.synthetic.geography import COUNTIES

FIRST_YEAR: Final = 2018
LAST_YEAR: Final = 2025
NAICS_2022_FROM: Final = 2022
PRIVATE: Final = "5"
SECTOR_DEPTH: Final = 4
_STATE_SHARE: Final = 0.0195
_UNKNOWN_SHARE: Final = 0.004
_LEAST_JOBS: Final = 2
_FEW: Final = 3
_DOMINATED_SHARE: Final = 0.06
_ABSENT_SHARE: Final = 0.2
_NOT_EVERYWHERE: Final = ("21", "55", "7132")
_SEASON: Final = (0.97, 0.97, 0.98, 0.99, 1.01, 1.02, 1.0, 1.0, 1.01, 1.02, 1.01, 1.01)

# supersector | sector | subsector or sector (2017/2022) | title | jobs of the nation, thousands
# | weekly wage, dollars | jobs an establishment | growth a year, percent
_PRIVATE: Final = """
1011|11|11|Agriculture, forestry, fishing and hunting|1260|830|11|0.2
1011|21|21|Mining, quarrying, and oil and gas extraction|580|2300|17|-0.5
1012|23|23|Construction|7900|1450|9|2.0
1013|31-33|311|Food manufacturing|1700|1150|45|1.0
1013|31-33|332|Fabricated metal product manufacturing|1470|1280|26|0.5
1013|31-33|333|Machinery manufacturing|1120|1600|40|-0.8
1021|22|22|Utilities|560|2400|28|0.1
1021|42|42|Wholesale trade|6000|1800|9|0.8
1021|44-45|44-45|Retail trade|15500|760|14|-0.3
1021|48-49|48-49|Transportation and warehousing|6500|1150|22|2.5
1022|51|511/513|Publishing industries|950|2900|18|1.5
1022|51|517|Telecommunications|640|1900|14|-2.0
1022|51|519/516|Other information and broadcasting|1400|2700|20|1.0
1023|52|52|Finance and insurance|6200|2300|13|0.9
1023|53|53|Real estate and rental and leasing|2400|1350|6|1.2
1024|54|54|Professional and technical services|10500|2250|8|2.2
1024|55|55|Management of companies and enterprises|2500|2900|35|0.6
1024|56|56|Administrative and waste services|9300|1000|17|0.4
1025|61|61|Educational services|3100|1150|28|1.3
1025|62|62|Health care and social assistance|21500|1120|14|2.4
1026|71|71|Arts, entertainment, and recreation|2500|850|15|1.8
1026|72|72|Accommodation and food services|14200|560|19|1.1
1027|81|81|Other services, except public administration|4500|950|5|0.7
1029|99|99|Unclassified|300|1100|2|0.0
"""

# owner | supersector | sector | industry | title | jobs of the nation, thousands | weekly wage
# | jobs an establishment
_PUBLIC: Final = """
1|1021|48-49|491|Postal service|600|1250|18
1|1028|92|92|Public administration|2900|1850|47
2|1028|92|92|Public administration|2300|1350|40
2|1025|61|61|Educational services|2400|1300|220
3|1028|92|92|Public administration|5800|1200|55
3|1025|61|61|Educational services|7900|1120|190
3|1025|62|622|Hospitals|650|1300|250
3|1025|62|623|Nursing and residential care facilities|120|850|80
3|1026|71|7132|Gambling industries|250|900|80
"""

DOMAINS: Final = {"101": "Goods producing", "102": "Service providing"}
SUPERSECTORS: Final = {
    "1011": "Natural resources and mining", "1012": "Construction", "1013": "Manufacturing",
    "1021": "Trade, transportation, and utilities", "1022": "Information",
    "1023": "Financial activities", "1024": "Professional and business services",
    "1025": "Education and health services", "1026": "Leisure and hospitality",
    "1027": "Other services", "1028": "Public administration", "1029": "Unclassified",
}  # fmt: skip
SECTOR_TITLES: Final = {"31-33": "Manufacturing", "51": "Information"}
SUBSECTOR_TITLES: Final = {"713": "Amusement, gambling, and recreation industries"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """The smallest industry of an owner; `codes` are those of NAICS 2017 and of 2022."""

    owner: str
    supersector: str
    sector: str
    codes: tuple[str, str]
    title: str
    jobs: int
    wage: int
    size: int
    growth: float


@dataclass(frozen=True, slots=True)
class Line:
    """A published combination of owner and industry: its depth, its leaves, the line above it."""

    owner: str
    codes: tuple[str, str]
    depth: int
    leaves: tuple[int, ...]
    above: int | None

    def code(self, year: int) -> str:
        """Return its code in the version of a year."""
        return self.codes[year >= NAICS_2022_FROM]


@dataclass(frozen=True, slots=True)
class Quarter:
    """Figures by area (counties, the unknown county, state, nation) and line.

    `jobs` has the three months in front; `hidden` is true where jobs and wages are undisclosed.
    """

    establishments: Ints
    jobs: Ints
    wages: Ints
    hidden: Bools

    @property
    def weekly(self) -> Ints:
        """Average weekly wage, whole dollars; 0 without jobs."""
        return weekly_wage(self.wages, self.jobs.mean(axis=0), 13)


@dataclass(frozen=True, slots=True)
class Year:
    """Averages of a year by area and line: as `Quarter`, with one figure for the jobs."""

    establishments: Ints
    jobs: Ints
    wages: Ints
    hidden: Bools


def weekly_wage(wages: Ints, jobs: Floats, weeks: int) -> Ints:
    """Return wages over jobs and weeks, rounded; 0 where there are no jobs."""
    shared = np.divide(wages, jobs * weeks, out=np.zeros(wages.shape), where=jobs > 0)
    rounded: Ints = np.rint(shared).astype(np.int64)
    return rounded


def _leaves() -> tuple[Leaf, ...]:
    made = []
    for line in _PRIVATE.strip().splitlines():
        above, sector, code, title, jobs, wage, size, growth = line.split("|")
        before, _, now = code.partition("/")
        codes = (before, now or before)
        made.append(
            Leaf(
                PRIVATE, above, sector, codes, title, int(jobs), int(wage), int(size), float(growth)
            )
        )
    for line in _PUBLIC.strip().splitlines():
        owner, above, sector, code, title, jobs, wage, size = line.split("|")
        made.append(
            Leaf(owner, above, sector, (code, code), title, int(jobs), int(wage), int(size), 0.4)
        )
    return tuple(made)


LEAVES: Final = _leaves()


def _lines() -> tuple[Line, ...]:
    """Return the published lines, each after the one above it."""
    made = [Line("0", ("10", "10"), 0, tuple(range(len(LEAVES))), None)]
    for owner in ("1", "2", "3", PRIVATE):
        own = [place for place, leaf in enumerate(LEAVES) if leaf.owner == owner]
        _below(made, owner, own, 0, 1)
    return tuple(made)


def _below(made: list[Line], owner: str, leaves: list[int], above: int, depth: int) -> None:
    """Add the line of these leaves at each depth, and all lines within it."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place in leaves:
        if (codes := _codes(LEAVES[place], depth)) is not None:
            groups.setdefault(codes, []).append(place)
    for codes, members in groups.items():
        made.append(Line(owner, codes, depth, tuple(members), above))
        _below(made, owner, members, len(made) - 1, depth + 1)


def _codes(leaf: Leaf, depth: int) -> tuple[str, str] | None:
    """Return a leaf's codes at a depth; None below itself."""
    if depth <= SECTOR_DEPTH:
        plain = ("10", leaf.supersector[:3], leaf.supersector, leaf.sector)
        return plain[depth - 1], plain[depth - 1]
    digits = depth - SECTOR_DEPTH + 2
    if leaf.codes[0] == leaf.sector or digits > len(leaf.codes[0]):
        return None
    return leaf.codes[0][:digits], leaf.codes[1][:digits]


LINES: Final = _lines()
UNKNOWN: Final = len(COUNTIES)
STATE: Final = UNKNOWN + 1
NATION: Final = UNKNOWN + 2


@lru_cache(maxsize=4)
def _drawn(seed: int) -> Floats:
    """Return jobs by year, month, area (counties, the unknown one, nation) and leaf."""
    rng = generator(seed, "industry employment")
    population = np.array([county.population for county in COUNTIES], dtype=float)
    nation = np.array([leaf.jobs * 1000.0 for leaf in LEAVES])
    growth = np.array([leaf.growth for leaf in LEAVES]) / 100
    mix = rng.lognormal(0, 0.4, (len(COUNTIES), len(LEAVES)))
    may_lack = np.array([leaf.codes[0] in _NOT_EVERYWHERE for leaf in LEAVES])
    mix[(rng.random(mix.shape) < _ABSENT_SHARE) & may_lack] = 0
    counties = nation * _STATE_SHARE * (population / population.sum())[:, None] * mix
    unknown = counties.sum(axis=0, keepdims=True) * _UNKNOWN_SHARE
    level = np.vstack([counties, unknown, nation])
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1) - LAST_YEAR
    trend = (1 + growth) ** years[:, None]
    noise = rng.normal(1, 0.01, (len(years), 1, len(level), len(LEAVES)))
    season = np.array(_SEASON)[None, :, None, None]
    jobs = np.rint(level[None, None] * trend[:, None, None] * season * noise)
    drawn: Floats = np.where(level[None, None] < _LEAST_JOBS, 0, jobs)
    return drawn


@lru_cache(maxsize=4)
def _hidden(seed: int, year: int) -> Bools:
    """Return which cells of counties are undisclosed in a year."""
    rng = generator(seed, "dominated industries")
    dominated = rng.random((len(COUNTIES), len(LEAVES))) < _DOMINATED_SHARE
    jobs = _drawn(seed)[year - FIRST_YEAR].mean(axis=0)[: len(COUNTIES)]
    establishments = _establishments(jobs)
    hidden = np.zeros((len(COUNTIES), len(LINES)), dtype=bool)
    for place, line in enumerate(LINES):
        if line.depth >= _FEW:
            members = list(line.leaves)
            count = establishments[:, members].sum(axis=1)
            alone = dominated[:, members[0]] if len(members) == 1 else False
            hidden[:, place] = (count > 0) & ((count < _FEW) | alone)
    for above in range(len(LINES)):
        _hide_beside(hidden, establishments, above)
    return hidden


def _hide_beside(hidden: Bools, establishments: Ints, above: int) -> None:
    """Hide cells that a sum would tell: one hidden part of a told whole, or told parts of a hidden.

    A part that is its whole is hidden with it, or told.
    """
    parts = [place for place, line in enumerate(LINES) if line.above == above]
    if not parts or LINES[parts[0]].depth < _FEW:
        return
    sizes = np.stack([establishments[:, list(LINES[one].leaves)].sum(axis=1) for one in parts], 1)
    for county in range(len(hidden)):
        there = [one for one, size in zip(parts, sizes[county], strict=True) if size > 0]
        told = sorted(
            (one for one in there if not hidden[county, one]),
            key=lambda one: sizes[county, parts.index(one)],
        )
        is_lonely = len(there) - len(told) == (0 if hidden[county, above] else 1)
        if len(there) == 1:
            hidden[county, there[0]] = hidden[county, above]
        elif told and is_lonely:
            hidden[county, told[0]] = True


def _establishments(jobs: Floats) -> Ints:
    size = np.array([leaf.size for leaf in LEAVES])
    count: Ints = np.where(jobs > 0, np.maximum(1, np.rint(jobs / size)), 0).astype(np.int64)
    return count


def _with_sums(leaves: Floats | Ints) -> Ints:
    """Return leaves of counties, unknown and nation as lines, with the state before the nation."""
    local, nation = leaves[..., :-1, :], leaves[..., -1:, :]
    every = np.concatenate([local, local.sum(axis=-2, keepdims=True), nation], axis=-2)
    lines = [every[..., list(line.leaves)].sum(axis=-1) for line in LINES]
    made: Ints = np.rint(np.stack(lines, axis=-1)).astype(np.int64)
    return made


def _all_hidden(seed: int, year: int) -> Bools:
    shown = np.zeros((3, len(LINES)), dtype=bool)
    return np.vstack([_hidden(seed, year), shown])


@lru_cache(maxsize=64)
def quarter_of(seed: int, year: int, quarter: int) -> Quarter:
    """Return a quarter's figures.

    Args:
        seed: names the state.
        year: from FIRST_YEAR to LAST_YEAR.
        quarter: 1 to 4.
    """
    months = _drawn(seed)[year - FIRST_YEAR, 3 * quarter - 3 : 3 * quarter]
    wage = np.array([leaf.wage for leaf in LEAVES]) * 1.035 ** (year - LAST_YEAR)
    wages = months.mean(axis=0) * wage * 13
    return Quarter(
        _with_sums(_establishments(months[2])),
        _with_sums(months),
        _with_sums(np.rint(wages)),
        _all_hidden(seed, year),
    )


@lru_cache(maxsize=16)
def year_of(seed: int, year: int) -> Year:
    """Return the averages of a year's quarters and months, and its wages."""
    quarters = [quarter_of(seed, year, quarter) for quarter in range(1, 5)]
    establishments = np.mean([one.establishments for one in quarters], axis=0)
    return Year(
        np.rint(establishments).astype(np.int64),
        np.rint(np.mean([one.jobs.mean(axis=0) for one in quarters], axis=0)).astype(np.int64),
        np.sum([one.wages for one in quarters], axis=0),
        _all_hidden(seed, year),
    )
