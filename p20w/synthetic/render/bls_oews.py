"""OEWS files as the Bureau of Labor Statistics publishes them: zips with xlsx workbooks.

`oesm<yy>nat.zip` (nation), `oesm<yy>st.zip` (states), `oesm<yy>ma.zip` (metropolitan and
nonmetropolitan areas). Numbers are numeric cells; `*`, `**` and `#` stand for what is not told.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wages import (
    ANNUAL_ONLY,
    COMBINED,
    HOURLY_ONLY,
    LOCAL_AREAS,
    NATION,
    PERCENTILES,
    STATES,
    TOP_ANNUAL,
    TOP_HOURLY,
    VINTAGES,
    Area,
    Wage,
    wages_of,
)
from p20w.synthetic.wire import ZIP, Cell, Edit, Row, SyntheticFile, xlsx_bytes, zip_bytes

HEADER: Final = (
    "AREA", "AREA_TITLE", "AREA_TYPE", "PRIM_STATE", "NAICS", "NAICS_TITLE", "I_GROUP", "OWN_CODE",
    "OCC_CODE", "OCC_TITLE", "O_GROUP", "TOT_EMP", "EMP_PRSE", "JOBS_1000", "LOC_QUOTIENT",
    "PCT_TOTAL", "PCT_RPT", "H_MEAN", "A_MEAN", "MEAN_PRSE", "H_PCT10", "H_PCT25", "H_MEDIAN",
    "H_PCT75", "H_PCT90", "A_PCT10", "A_PCT25", "A_MEDIAN", "A_PCT75", "A_PCT90", "ANNUAL",
    "HOURLY",
)  # fmt: skip
_NO_WAGE, _NO_EMPLOYMENT, _TOP = "*", "**", "#"
_CELLS: Final = 1 + len(PERCENTILES)
_FIELDS: Final = (
    ("tot_emp", "Estimated total employment rounded to the nearest 10."),
    ("h_median", "Hourly median wage (or the 50th percentile)"),
    ("a_median", "Annual median wage (or the 50th percentile)"),
    ("Notes:", None),
    ("*  = indicates that a wage estimate is not available", None),
    ("**  = indicates that an employment estimate is not available", None),
    ("#  = indicates a wage equal to or greater than $115.00 per hour or $239,200 per year ", None),
)


def files(state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the three zips of each vintage."""
    named = {}
    for vintage in VINTAGES:
        short = f"oesm{vintage % 100:02d}"
        modified = datetime(vintage + 1, 4, 2, 14, 0, tzinfo=UTC)
        local = [area for area in LOCAL_AREAS if area.first_vintage <= vintage]
        members = {
            f"{short}nat": {"national": [NATION]},
            f"{short}st": {"state": list(STATES)},
            f"{short}ma": {
                "MSA": [area for area in local if area.kind == "4"],
                "BOS": [area for area in local if area.kind == "6"],
            },
        }
        for stem, books in members.items():
            name = f"{stem}.zip"
            render = partial(_zip, stem, vintage, state.seed, books)
            named[name] = SyntheticFile(name, ZIP, modified, render)
    return named


def _zip(stem: str, vintage: int, seed: int, books: dict[str, list[Area]], edit: Edit) -> bytes:
    members = []
    for kind, areas in books.items():
        sheet = f"{kind}_M{vintage}_dl"
        rows = (row for area in areas for row in _rows(area, vintage, seed))
        sheets: list[tuple[str, tuple[str, ...], Iterable[Row]]] = [
            (sheet, HEADER, rows),
            ("Field Descriptions", (f"May {vintage} OEWS Estimates", ""), _FIELDS),
        ]
        members.append((f"{stem}/{sheet}.xlsx", xlsx_bytes(edit, sheets)))
    return zip_bytes(members)


def _rows(area: Area, vintage: int, seed: int) -> Iterable[list[Cell]]:
    for wage in wages_of(area, vintage, seed):
        if area is NATION and wage.soc_code == COMBINED.soc_code:
            yield _row(area, wage, "broad")
        yield _row(area, wage, wage.level)


def _row(area: Area, wage: Wage, level: str) -> list[Cell]:
    is_nation = area is NATION
    hourly, annual = _told(wage.hourly, TOP_HOURLY), _told(wage.annual, TOP_ANNUAL)
    return [
        area.code,
        area.title,
        area.kind,
        area.state,
        "000000",
        "Cross-industry",
        "cross-industry",
        "1235",
        wage.soc_code,
        wage.title,
        level,
        _NO_EMPLOYMENT if wage.employment is None else wage.employment,
        _NO_EMPLOYMENT if wage.employment is None else 1.2,
        None if is_nation else _unless_hidden(wage, wage.per_1000),
        None if is_nation else _unless_hidden(wage, wage.quotient),
        None,
        None,
        hourly[0],
        annual[0],
        _NO_WAGE if wage.hourly is None and wage.annual is None else 0.9,
        *hourly[1:],
        *annual[1:],
        "TRUE" if wage.soc_code in ANNUAL_ONLY else "",
        "TRUE" if wage.soc_code in HOURLY_ONLY else "",
    ]


def _unless_hidden(wage: Wage, number: float) -> Cell:
    return _NO_EMPLOYMENT if wage.employment is None else number


def _told(wages: tuple[float, ...] | None, top: float) -> list[Cell]:
    if wages is None:
        return [_NO_WAGE] * _CELLS
    return [_TOP if wage >= top else wage for wage in wages]
