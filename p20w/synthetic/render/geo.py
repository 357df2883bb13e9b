"""Area definitions as the publishers print them, for Wisconsin.

`area_definitions_m<year>.xlsx` (Bureau of Labor Statistics): to May 2023 with townships and codes
padded by blanks, later with other names of the columns.
`list1_<year>.xlsx` (Census Bureau): the counties of metropolitan and micropolitan areas, between a
title and notes. The list of 2017 is really an old .xls workbook.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.geography import COUNTIES, STATE_NAME
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.survey_areas import (
    DELINEATIONS,
    area_titles,
    areas_of_counties,
    delineated_counties,
)
from p20w.synthetic.wages import VINTAGES
from p20w.synthetic.wire import XLSX, Edit, Row, SyntheticFile, xlsx_bytes

_LAST_OF_OLD_FORM: Final = 2023
_WIDTH: Final = 7


def files(_state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the workbooks of each vintage of the wages and of each delineation."""
    named = {}
    for vintage in VINTAGES:
        name = f"area_definitions_m{vintage}.xlsx"
        modified = datetime(vintage + 1, 4, 2, 14, 0, tzinfo=UTC)
        named[name] = SyntheticFile(name, XLSX, modified, partial(_workbook, vintage))
    for vintage, day in DELINEATIONS.items():
        name = f"list1_{vintage}.xlsx"
        modified = datetime(day.year, day.month, day.day, 14, 0, tzinfo=UTC)
        named[name] = SyntheticFile(name, XLSX, modified, partial(_delineation, vintage))
    return named


def _workbook(vintage: int, edit: Edit) -> bytes:
    sheet = f"area_definitions_m{vintage}"
    if vintage > _LAST_OF_OLD_FORM:
        return xlsx_bytes(edit, [(sheet, _header(vintage), _rows(vintage))])
    return xlsx_bytes(edit, [(sheet, _old_header(vintage), _old_rows(vintage))])


def _header(vintage: int) -> tuple[str, ...]:
    area = (f"May {vintage} Area Code", f"May {vintage} Area Title")
    return ("FIPS Code", "State", "State Abbreviation", *area, "County Code", "County Name")


def _rows(vintage: int) -> Iterable[Row]:
    titles, areas = area_titles(), areas_of_counties(vintage)
    for county in COUNTIES:
        code = areas[county.fips]
        yield [
            *(county.fips[:2], STATE_NAME, "WI", code, titles[code]),
            *(county.fips[2:], f"{county.name} County"),
        ]


def _old_header(vintage: int) -> tuple[str, ...]:
    return (
        *("FIPS code", "State", "State abbreviation", f"May {vintage} MSA code "),
        *(f"May {vintage} MSA name", "County code", "Township code"),
        "County name (or Township name for the New England states)",
    )


def _old_rows(vintage: int) -> Iterable[Row]:
    for fips, state, short, code, title, county, name in _rows(vintage):
        yield [fips, state, short, str(code).rjust(_WIDTH), title, county, "000", name]


def _delineation(vintage: int, edit: Edit) -> bytes:
    header = (
        *("CBSA Code", "Metropolitan Division Code", "CSA Code", "CBSA Title"),
        *("Metropolitan/Micropolitan Statistical Area", "Metropolitan Division Title", "CSA Title"),
        *("County/County Equivalent", "State Name", "FIPS State Code", "FIPS County Code"),
        "Central/Outlying County",
    )
    month = f"{DELINEATIONS[vintage]:%B %Y}"
    title = "List 1. Core Based Statistical Areas (CBSAs), Metropolitan Divisions, and Combined"
    above: list[Row] = [[f"{title} Statistical Areas (CSAs), {month}"], [None]]
    below: list[Row] = [
        ["Note: Invented, in the form of the list of the Census Bureau."],
        [f"Source: Office of Management and Budget, delineations of {month}, Wisconsin only."],
    ]
    rows = _delineated(vintage)
    return xlsx_bytes(edit, [("List 1", header, rows)], above=above, below=below)


def _delineated(vintage: int) -> Iterable[Row]:
    names = {county.fips: county.name for county in COUNTIES}
    for county in delineated_counties(vintage):
        yield [
            *(county.cbsa_code, county.division_code or None, None, county.cbsa_title),
            f"{county.kind} Statistical Area",
            *(county.division_title or None, None, f"{names[county.fips]} County", STATE_NAME),
            *(county.fips[:2], county.fips[2:], "Central" if county.is_central else "Outlying"),
        ]
