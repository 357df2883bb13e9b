"""QCEW files as the Bureau of Labor Statistics publishes them: zips of a year, lists of titles.

`<year>_qtrly_singlefile.zip` holds the quarters of a year that are out, another zip its averages.
Text is quoted and numbers are not; what is not disclosed is a zero with an N beside it, what is not
there a zero with a dash.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

import numpy as np

from p20w.synthetic.columns import Bools, Floats, Ints
from p20w.synthetic.geography import COUNTIES, STATE_FIPS, STATE_NAME
from p20w.synthetic.industry_employment import (
    DOMAINS,
    FIRST_YEAR,
    LEAVES,
    LINES,
    NATION,
    SECTOR_DEPTH,
    SECTOR_TITLES,
    STATE,
    SUBSECTOR_TITLES,
    SUPERSECTORS,
    UNKNOWN,
    Quarter,
    Year,
    quarter_of,
    weekly_wage,
    year_of,
)
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import CSV, ZIP, Edit, Row, SyntheticFile, zip_bytes

# Quarters that are out, and the day on which the last of them came out.
QUARTERS: Final = {
    2024: ((1, 2, 3, 4), datetime(2025, 6, 5, tzinfo=UTC)),
    2025: ((1, 2), datetime(2025, 12, 5, tzinfo=UTC)),
}
ANNUAL_YEARS: Final = (2019, 2020, 2021, 2022, 2023, 2024)
_IDS: Final = (
    "area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year", "qtr",
    "disclosure_code",
)  # fmt: skip
_QUARTERLY: Final = (
    "qtrly_estabs", "month1_emplvl", "month2_emplvl", "month3_emplvl", "total_qtrly_wages",
    "taxable_qtrly_wages", "qtrly_contributions", "avg_wkly_wage",
)  # fmt: skip
_ANNUAL: Final = (
    "annual_avg_estabs", "annual_avg_emplvl", "total_annual_wages", "taxable_annual_wages",
    "annual_contributions", "annual_avg_wkly_wage", "avg_annual_pay",
)  # fmt: skip
_TAXED_SHARE: Final = 0.3
_TAX: Final = 0.01
_WEEKS: Final = 52
_HIDDEN, _EMPTY, _SHOWN = "N", "-", ""
_OWNERSHIPS: Final = (
    ("0", "Total Covered"), ("1", "Federal Government"), ("2", "State Government"),
    ("3", "Local Government"), ("4", "International Government"), ("5", "Private"),
    ("8", "Total Government"), ("9", "Total U.I. Covered (Excludes Federal Government)"),
)  # fmt: skip
_SIZES: Final = (
    "All establishment sizes", "Fewer than 5 employees per establishment",
    "5 to 9 employees per establishment", "10 to 19 employees per establishment",
    "20 to 49 employees per establishment", "50 to 99 employees per establishment",
    "100 to 249 employees per establishment", "250 to 499 employees per establishment",
    "500 to 999 employees per establishment", "1000 or more employees per establishment",
)  # fmt: skip
_AREA_KINDS: Final = {"1": "National", "5": "State", "7": "County"}
_DEPTHS: Final = (
    "Total Covered", "Total -- by ownership sector", "by Domain -- by ownership sector",
    "by Supersector -- by ownership sector", "NAICS Sector -- by ownership sector",
    "NAICS 3-digit -- by ownership sector", "NAICS 4-digit -- by ownership sector",
)  # fmt: skip
# Areas that a file of the nation has besides ours, and that nobody here asks for.
_ELSEWHERE: Final = (("27000", "5"), ("C3334", "4"))


@dataclass(frozen=True, slots=True)
class _Period:
    """Measures by area, line and column (establishments first), now and a year before."""

    year: int
    quarter: str
    now: Ints
    before: Ints
    hidden: Bools
    was_hidden: Bools


def files(state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the zips of each year and the five lists of titles, each in its folder."""
    named = {}
    for year, (quarters, modified) in QUARTERS.items():
        name = f"data/files/{year}/csv/{year}_qtrly_singlefile.zip"
        named[name] = SyntheticFile(
            name, ZIP, modified, partial(_quarterly_zip, state.seed, year, quarters)
        )
    for year in ANNUAL_YEARS:
        name = f"data/files/{year}/csv/{year}_annual_singlefile.zip"
        modified = datetime(year + 1, 6, 5, tzinfo=UTC)
        named[name] = SyntheticFile(name, ZIP, modified, partial(_annual_zip, state.seed, year))
    for kind, (header, rows) in _titles().items():
        name = f"doc/titles/{kind}/{kind}_titles.csv"
        named[name] = SyntheticFile(
            name, CSV, datetime(2025, 1, 15, tzinfo=UTC), partial(_list, header, rows)
        )
    return named


def _quarterly_zip(seed: int, year: int, quarters: tuple[int, ...], edit: Edit) -> bytes:
    rows = (row for quarter in quarters for row in _rows(_quarter(seed, year, quarter)))
    member = f"{year}.q{quarters[0]}-q{quarters[-1]}.singlefile.csv"
    return zip_bytes([(member, _quoted(edit, _header(_QUARTERLY), rows))])


def _annual_zip(seed: int, year: int, edit: Edit) -> bytes:
    content = _quoted(edit, _header(_ANNUAL), _rows(_year(seed, year)))
    return zip_bytes([(f"{year}.annual.singlefile.csv", content)])


def _header(measures: Sequence[str]) -> list[str]:
    changes = [f"oty_{one}_{kind}" for one in measures for kind in ("chg", "pct_chg")]
    quotients = [f"lq_{one}" for one in measures]
    return [*_IDS, *measures, "lq_disclosure_code", *quotients, "oty_disclosure_code", *changes]


def _quarter(seed: int, year: int, quarter: int) -> _Period:
    now, before = (quarter_of(seed, one, quarter) for one in (year, year - 1))
    return _Period(year, str(quarter), _measures(now), _measures(before), now.hidden, before.hidden)


def _measures(one: Quarter) -> Ints:
    columns = [one.establishments, *one.jobs, *_wage_columns(one.wages), one.weekly]
    return np.stack(columns, axis=-1)


def _year(seed: int, year: int) -> _Period:
    now, before = (year_of(seed, one) for one in (year, max(year - 1, FIRST_YEAR)))
    return _Period(
        year, "A", _annual_measures(now), _annual_measures(before), now.hidden, before.hidden
    )


def _annual_measures(one: Year) -> Ints:
    jobs = one.jobs.astype(float)
    pay = [weekly_wage(one.wages, jobs, weeks) for weeks in (_WEEKS, 1)]
    columns = [one.establishments, one.jobs, *_wage_columns(one.wages), *pay]
    return np.stack(columns, axis=-1)


def _wage_columns(wages: Ints) -> tuple[Ints, Ints, Ints]:
    taxed = np.rint(wages * _TAXED_SHARE).astype(np.int64)
    return wages, taxed, np.rint(taxed * _TAX).astype(np.int64)


def _rows(period: _Period) -> Iterator[Row]:
    """Yield the rows of all areas; a cell without establishments is a row in sectors alone."""
    shares = period.now / np.maximum(period.now[:, :1], 1)
    quotients = shares / np.where(shares[NATION] > 0, shares[NATION], 1)
    # Wages by week and year are compared with the nation's, not as shares of a total.
    rates = period.now / np.maximum(period.now[NATION], 1)
    first_rate = 7 if period.quarter != "A" else 5
    quotients[..., first_rate:] = rates[..., first_rate:]
    for place in range(NATION + 1):
        for number, line in enumerate(LINES):
            if period.now[place, number, 0] > 0 or line.depth == SECTOR_DEPTH:
                yield _row(period, quotients, place, number)
    for code, kind in _ELSEWHERE:
        yield [code, *_row(period, quotients, STATE, 0)[1:3], f"{kind}0",
               *_row(period, quotients, STATE, 0)[4:]]  # fmt: skip


def _row(period: _Period, quotients: Floats, place: int, number: int) -> list[str | int | float]:
    line = LINES[number]
    now, before = period.now[place, number], period.before[place, number]
    hidden = bool(period.hidden[place, number])
    is_empty = now[0] == 0
    told = _EMPTY if is_empty else _HIDDEN if hidden else _SHOWN
    withheld = _HIDDEN if hidden or is_empty else _SHOWN
    changed = withheld or (_HIDDEN if period.was_hidden[place, number] else _SHOWN)
    area, kind = _area(place)
    return [
        area, line.owner, line.code(period.year), f"{kind}{line.depth}", "0", str(period.year),
        period.quarter, told,
        int(now[0]), *_unless(hidden, [int(one) for one in now[1:]]),
        withheld,
        round(float(quotients[place, number, 0]), 2),
        *_unless(bool(withheld), [round(float(one), 2) for one in quotients[place, number, 1:]]),
        changed,
        *_change(now[0], before[0]),
        *_unless(bool(changed), [part for pair in zip(now[1:], before[1:], strict=True)
                                 for part in _change(*pair)]),
    ]  # fmt: skip


def _unless(hidden: bool, figures: Sequence[int | float]) -> Sequence[int | float]:  # noqa: FBT001 - reads as a sentence
    return [0] * len(figures) if hidden else figures


def _change(now: int, before: int) -> list[int | float]:
    return [int(now - before), round(100.0 * (now - before) / before, 1) if before else 0.0]


def _area(place: int) -> tuple[str, str]:
    """Return an area's code and the first digit of its levels."""
    if place == NATION:
        return "US000", "1"
    if place == STATE:
        return f"{STATE_FIPS}000", "5"
    return f"{STATE_FIPS}999" if place == UNKNOWN else COUNTIES[place].fips, "7"


def _titles() -> dict[str, tuple[tuple[str, str], list[tuple[str, str]]]]:
    areas = [("US000", "U.S. TOTAL"), (f"{STATE_FIPS}000", f"{STATE_NAME} -- Statewide")]
    areas += [(county.fips, f"{county.name} County, {STATE_NAME}") for county in COUNTIES]
    areas += [(f"{STATE_FIPS}999", f"Unknown Or Undefined, {STATE_NAME}")]
    areas += [("C3334", "Milwaukee-Waukesha, WI MSA"), ("27000", "Minnesota -- Statewide")]
    levels = [
        (f"{kind}{depth}", f"{name}, {told}")
        for kind, name in _AREA_KINDS.items()
        for depth, told in enumerate(_DEPTHS)
    ] + [("40", "MSA, Total Covered"), ("80", "MicroSA, Total Covered"), ("96", "Total Government")]
    return {
        "industry": (("industry_code", "industry_title"), _industries()),
        "area": (("area_fips", "area_title"), areas),
        "ownership": (("own_code", "own_title"), list(_OWNERSHIPS)),
        "size": (
            ("size_code", "size_title"),
            [(str(code), title) for code, title in enumerate(_SIZES)],
        ),
        "agglevel": (("agglvl_code", "agglvl_title"), levels),
    }


def _industries() -> list[tuple[str, str]]:
    made = {"10": "Total, all industries", **DOMAINS, **SUPERSECTORS}
    for leaf in LEAVES:
        title = SECTOR_TITLES.get(leaf.sector, leaf.title)
        made.setdefault(leaf.sector, f"NAICS {leaf.sector} {title}")
        for code in leaf.codes:
            made.setdefault(code, f"NAICS {code} {leaf.title}")
    made |= {code: f"NAICS {code} {title}" for code, title in SUBSECTOR_TITLES.items()}
    return list(made.items())


def _list(header: tuple[str, str], rows: list[tuple[str, str]], edit: Edit) -> bytes:
    return _quoted(edit, header, rows)


def _quoted(edit: Edit, header: Sequence[str], rows: Iterable[Row]) -> bytes:
    names, cells = edit.apply(header, rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(names)
    writer.writerows(cells)
    return text.getvalue().encode("ascii")
