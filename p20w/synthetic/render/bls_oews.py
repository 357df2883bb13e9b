"""OEWS files as the Bureau of Labor Statistics publishes them: zips with xlsx workbooks.

`oesm<yy>nat.zip` (nation), `oesm<yy>st.zip` (states), `oesm<yy>ma.zip` (metropolitan and
nonmetropolitan areas), `oesm<yy>in4.zip` (the nation's sectors). Numbers are numeric cells; `*`,
`**` and `#` stand for what is not told, `~` for a share of establishments below half a percent.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.staffing import SECTORS, Sector, staffing_of
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
_NO_WAGE, _NO_EMPLOYMENT, _TOP, _HARDLY_ANY = "*", "**", "#", "~"
_EVERY_SECTOR: Final = Sector("000000", "Cross-industry", "1235")
_LEAST_REPORTING: Final = 0.5
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
    """Return the four zips of each vintage."""
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
        industry = f"{short}in4.zip"
        render = partial(_industry_zip, f"{short}in4", vintage, state.seed)
        named[industry] = SyntheticFile(industry, ZIP, modified, render)
    return named


def _industry_zip(stem: str, vintage: int, seed: int, edit: Edit) -> bytes:
    found = staffing_of(vintage, seed)
    rows = (
        _row(NATION, wage, level, sector, found[sector.code][0].employment)
        for sector in SECTORS
        for wage in found[sector.code]
        for level in _levels(wage)
    )
    return zip_bytes([_book(stem, "natsector", vintage, rows, edit)])


def _zip(stem: str, vintage: int, seed: int, books: dict[str, list[Area]], edit: Edit) -> bytes:
    members = []
    for kind, areas in books.items():
        rows = (row for area in areas for row in _rows(area, vintage, seed))
        members.append(_book(stem, kind, vintage, rows, edit))
    return zip_bytes(members)


def _book(stem: str, kind: str, vintage: int, rows: Iterable[Row], edit: Edit) -> tuple[str, bytes]:
    """Return the name of a workbook in its zip, and the workbook."""
    sheet = f"{kind}_M{vintage}_dl"
    sheets: list[tuple[str, tuple[str, ...], Iterable[Row]]] = [
        (sheet, HEADER, rows),
        ("Field Descriptions", (f"May {vintage} OEWS Estimates", ""), _FIELDS),
    ]
    return f"{stem}/{sheet}.xlsx", xlsx_bytes(edit, sheets)


def _rows(area: Area, vintage: int, seed: int) -> Iterable[list[Cell]]:
    for wage in wages_of(area, vintage, seed):
        for level in _levels(wage) if area is NATION else (wage.level,):
            yield _row(area, wage, level)


def _levels(wage: Wage) -> tuple[str, ...]:
    """Return the groups under which the nation's files have an occupation."""
    return ("broad", wage.level) if wage.soc_code == COMBINED.soc_code else (wage.level,)


def _row(
    area: Area,
    wage: Wage,
    level: str,
    sector: Sector = _EVERY_SECTOR,
    sector_jobs: int | None = None,
) -> list[Cell]:
    is_nation = area is NATION
    hourly, annual = _told(wage.hourly, TOP_HOURLY), _told(wage.annual, TOP_ANNUAL)
    return [
        area.code,
        area.title,
        area.kind,
        area.state,
        sector.code,
        sector.title,
        "cross-industry" if sector is _EVERY_SECTOR else "sector",
        sector.owners,
        wage.soc_code,
        wage.title,
        level,
        _NO_EMPLOYMENT if wage.employment is None else wage.employment,
        _NO_EMPLOYMENT if wage.employment is None else 1.2,
        None if is_nation else _unless_hidden(wage, wage.per_1000),
        None if is_nation else _unless_hidden(wage, wage.quotient),
        *_shares(wage, sector_jobs),
        hourly[0],
        annual[0],
        _NO_WAGE if wage.hourly is None and wage.annual is None else 0.9,
        *hourly[1:],
        *annual[1:],
        "TRUE" if wage.soc_code in ANNUAL_ONLY else "",
        "TRUE" if wage.soc_code in HOURLY_ONLY else "",
    ]


def _shares(wage: Wage, sector_jobs: int | None) -> tuple[Cell, Cell]:
    """Return an occupation's percent of a sector's jobs, and of the establishments that have it."""
    if sector_jobs is None:
        return None, None
    if wage.employment is None:
        return _NO_EMPLOYMENT, _HARDLY_ANY
    share = round(100 * wage.employment / sector_jobs, 2)
    return share, _HARDLY_ANY if share < _LEAST_REPORTING else min(round(share * 5, 1), 100.0)


def _unless_hidden(wage: Wage, number: float) -> Cell:
    return _NO_EMPLOYMENT if wage.employment is None else number


def _told(wages: tuple[float, ...] | None, top: float) -> list[Cell]:
    if wages is None:
        return [_NO_WAGE] * _CELLS
    return [_TOP if wage >= top else wage for wage in wages]
