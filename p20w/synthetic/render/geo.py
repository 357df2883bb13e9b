"""Area definitions as the Bureau of Labor Statistics publishes them, for Wisconsin.

`area_definitions_m<year>.xlsx`: to May 2023 with townships and codes padded by blanks, later with
other names of the columns.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.geography import COUNTIES, STATE_NAME
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.survey_areas import area_titles, areas_of_counties
from p20w.synthetic.wages import VINTAGES
from p20w.synthetic.wire import XLSX, Edit, Row, SyntheticFile, xlsx_bytes

_LAST_OF_OLD_FORM: Final = 2023
_WIDTH: Final = 7


def files(_state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the workbook of each vintage of the wages; they are the same in every state."""
    named = {}
    for vintage in VINTAGES:
        name = f"area_definitions_m{vintage}.xlsx"
        modified = datetime(vintage + 1, 4, 2, 14, 0, tzinfo=UTC)
        named[name] = SyntheticFile(name, XLSX, modified, partial(_workbook, vintage))
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
