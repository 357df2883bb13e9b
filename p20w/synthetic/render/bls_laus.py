"""LAUS files as the Bureau of Labor Statistics publishes them: county workbooks, LABSTAT texts.

`laucnty<yy>.xlsx` has annual averages; `la.area`, `la.series` and `la.data.58.Wisconsin` are
tab-delimited, the first with one tab more a row than its header has.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.columns import Ints
from p20w.synthetic.geography import COUNTIES, STATE_FIPS, STATE_NAME
from p20w.synthetic.labstat import ANNUAL, DATA_HEADER, TEXT, data_row, labstat_bytes
from p20w.synthetic.local_unemployment import (
    FIRST_YEAR,
    LAST_MONTH,
    NEVER_COLLECTED,
    PRELIMINARY,
    LaborForce,
    draw_labor_force,
    rate_pct,
)
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import XLSX, Cell, Edit, Row, SyntheticFile, xlsx_bytes

_COUNTY_HEADER: Final = (
    "LAUS Code", "State FIPS Code", "County FIPS Code", "County Name/State Abbreviation", "Year",
    "", "Labor Force", "Employed", "Unemployed", "Unemployment Rate (%)",
)  # fmt: skip
_AREA_HEADER: Final = (
    "area_type_code", "area_code", "area_text", "display_level", "selectable", "sort_sequence",
)  # fmt: skip
_SERIES_HEADER: Final = (
    "series_id", "area_type_code", "area_code", "measure_code", "seasonal", "srd_code",
    "series_title", "footnote_codes", "begin_year", "begin_period", "end_year", "end_period",
)  # fmt: skip
_RATE, _UNEMPLOYED, _EMPLOYED, _LABOR_FORCE = "03", "04", "05", "06"
_MEASURES: Final = {
    _RATE: "Unemployment Rate",
    _UNEMPLOYED: "Unemployment",
    _EMPLOYED: "Employment",
    _LABOR_FORCE: "Labor Force",
}


def files(state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the workbook of each whole year and the three flat files."""
    named = {}
    for year in range(FIRST_YEAR, LAST_MONTH[0]):
        name = f"laucnty{year % 100:02d}.xlsx"
        released = datetime(year + 1, 4, 18, 14, 0, tzinfo=UTC)
        named[name] = SyntheticFile(name, XLSX, released, partial(workbook, state.seed, year))
    modified = datetime(2026, 1, 28, 15, 0, tzinfo=UTC)
    named["la.area"] = SyntheticFile("la.area", TEXT, modified, _areas)
    named["la.series"] = SyntheticFile("la.series", TEXT, modified, _series_list)
    data = "la.data.58.Wisconsin"
    named[data] = SyntheticFile(data, TEXT, modified, partial(observations, state.seed))
    return named


def workbook(seed: int, year: int, edit: Edit, *, benchmark: int = 0) -> bytes:
    """Return the workbook of a year, as it came out or after benchmarks, each a year later."""
    employed, unemployed = draw_labor_force(seed, benchmark).annual(year)
    rows: list[Row] = [
        [
            _county_area(county.fips),
            county.fips[:2],
            county.fips[2:],
            f"{county.name} County, WI",
            str(year),
            None,
            *_counts(int(employed[place]), int(unemployed[place])),
        ]
        for place, county in enumerate(COUNTIES)
    ]
    notes: list[Row] = [[None], ["SOURCE:  BLS, LAUS"], [f"April 18, {year + 1 + benchmark}"]]
    return xlsx_bytes(edit, [(f"laucnty{year % 100:02d}", _COUNTY_HEADER, rows)], below=notes)


def observations(seed: int, edit: Edit, *, benchmark: int = 0) -> bytes:
    """Return the flat file of the state's series, as it came out or after benchmarks."""
    return labstat_bytes(edit, DATA_HEADER, _data_rows(draw_labor_force(seed, benchmark)))


def _counts(employed: int, unemployed: int) -> list[Cell]:
    return [employed + unemployed, employed, unemployed, rate_pct(employed, unemployed)]


def _county_area(fips: str) -> str:
    return f"CN{fips}00000000"


def _areas(edit: Edit) -> bytes:
    rows: list[Row] = [["A", _state_area(), STATE_NAME, 0, "T", 1]]
    rows += [
        ["F", _county_area(county.fips), f"{county.name} County, WI", 1, "T", place]
        for place, county in enumerate(COUNTIES, start=2)
    ]
    return labstat_bytes(edit, _AREA_HEADER, rows, end="\t")


def _state_area() -> str:
    return f"ST{STATE_FIPS}00000000000"


def _series_list(edit: Edit) -> bytes:
    areas = [("A", _state_area(), f"{STATE_NAME} (U)")]
    areas += [
        ("F", _county_area(county.fips), f"{county.name} County, WI (U)") for county in COUNTIES
    ]
    rows: list[Row] = [
        [
            f"LAU{area}{measure}".ljust(30), kind, area, measure, "U", STATE_FIPS,
            f"{_MEASURES[measure]}: {title}", "", FIRST_YEAR, "M01", LAST_MONTH[0],
            f"M{LAST_MONTH[1]:02d}",
        ]
        for kind, area, title in areas
        for measure in _MEASURES
    ]  # fmt: skip
    return labstat_bytes(edit, _SERIES_HEADER, rows)


def _data_rows(labor_force: LaborForce) -> Iterator[Row]:
    """Yield the series of the state, then those of each county."""
    yield from _series(labor_force, _state_area(), None)
    for place, county in enumerate(COUNTIES):
        yield from _series(labor_force, _county_area(county.fips), place)


def _series(labor_force: LaborForce, area: str, place: int | None) -> Iterator[Row]:
    years = sorted({year for year, _ in labor_force.months})
    for measure in _MEASURES:
        series = f"LAU{area}{measure}"
        for row, (year, month) in enumerate(labor_force.months):
            employed, unemployed = labor_force.employed[row], labor_force.unemployed[row]
            told = _told(employed, unemployed, place, measure)
            mark = "P" if (year, month) == PRELIMINARY else ""
            if (year, month) == NEVER_COLLECTED:
                told, mark = "-", "X"
            yield data_row(series, year, f"M{month:02d}", told, mark)
        for year in years:
            told = _told(*labor_force.annual(year), place, measure)
            yield data_row(series, year, ANNUAL, told)


def _told(employed: Ints, unemployed: Ints, place: int | None, measure: str) -> str:
    """A figure as the flat file writes it, of a county or (place None) of the state."""
    held = int(employed.sum() if place is None else employed[place])
    sought = int(unemployed.sum() if place is None else unemployed[place])
    if measure == _RATE:
        return f"{rate_pct(held, sought):.1f}"
    return str({_UNEMPLOYED: sought, _EMPLOYED: held, _LABOR_FORCE: held + sought}[measure])
