"""Employment projections: files and pages of Projections Central, workbooks of BLS, a dropped file.

`projections/file/<horizon>/csv` answers with a link, `Projections/<Horizon>RestJson/<state>` with
pages. The long-term bulk file is a cycle older than the pages, as the true one was, and ends with a
row that contradicts itself: what was rounded off grows by a quarter.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.answers import Answer, Request, json_answer
from p20w.synthetic.geography import STATE_FIPS, STATE_NAME
from p20w.synthetic.labor_market import MAJOR_GROUPS, OCCUPATIONS
from p20w.synthetic.occupation_requirements import requirement_of
from p20w.synthetic.projected_employment import (
    EARLIER_LONG,
    LONG,
    NATION,
    SHORT,
    Period,
    Projection,
    project,
    project_workforce_areas,
)
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wages import STATES
from p20w.synthetic.wire import CSV, XLSX, Cell, Edit, Row, SyntheticFile, csv_bytes, xlsx_bytes

AREAS: Final = {NATION: " United States", **{state.code: state.title for state in STATES}}
_PAGE_SIZES: Final = ("10", "25", "50", "100", "1000")
_LINK: Final = re.compile(r"/projections/file/(longterm|shortterm)/csv")
_PAGES: Final = re.compile(r"/Projections/(Long|Short)TermRestJson/(\d+)")
_BULK: Final = {
    "longterm": ("ltprojections.csv", EARLIER_LONG),
    "shortterm": ("stprojections.csv", SHORT),
}
_PAGED: Final = {"Long": LONG, "Short": SHORT}
_BULK_HEADER: Final = (
    "stfips", "areaname", "code", "name", "baseyear", "base", "projyear", "proj", "change",
    "percentchange", "avgannualopenings",
)  # fmt: skip
_AREA_HEADER: Final = (
    "area_type", "area_code", "horizon", "soc_code", "soc_title", "base_year", "base_employment",
    "projected_year", "projected_employment", "annual_exits", "annual_transfers",
    "annual_openings", "publisher", "published_on",
)  # fmt: skip
_TOTAL: Final = ("00-0000", "Total, all occupations")
_TINY: Final = ("27", ("45-3031", "Fishing and Hunting Workers"))
_HIDDEN: Final = ("WDA07", "29-1215")
_MATRIX: Final = "2024 National Employment Matrix"
_SOURCE: Final = "Source: Employment Projections program, U.S. Bureau of Labor Statistics"
_DASH: Final = "—"


def files(state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the bulk files, the two workbooks, and the dropped file of areas in the state."""
    modified = datetime(2026, 8, 28, 14, 0, tzinfo=UTC)
    renderers: dict[str, tuple[str, Callable[[Edit], bytes]]] = {
        **{name: (CSV, partial(_bulk, period, state.seed)) for name, period in _BULK.values()},
        "occupation.xlsx": (XLSX, partial(_occupation_book, state.seed)),
        "education.xlsx": (XLSX, _education_book),
        "area_projections_wisconsin.csv": (CSV, partial(_areas, state.seed)),
    }
    return {
        name: SyntheticFile(name, kind, modified, render)
        for name, (kind, render) in renderers.items()
    }


def answer(request: Request, state: SyntheticState, edit: Edit) -> Answer | None:
    """Answer the addresses that are no files: links to bulk files, and pages.

    Under an edit that halves, pages lack rows that their pager counts; one that renames `content`
    changes the answer that holds a link.
    """
    if found := _LINK.fullmatch(request.path):
        column, renamed = edit.rename
        name = renamed if column == "content" else "content"
        return json_answer(200, {name: f"{request.base_url}/{_BULK[found[1]][0]}?Expires=900"})
    if found := _PAGES.fullmatch(request.path):
        return _page(request, _PAGED[found[1]], found[2], state.seed, edit)
    return None


def _page(request: Request, period: Period, area: str, seed: int, edit: Edit) -> Answer:
    size, number = request.query.get("items_per_page", "10"), request.query.get("page", "0")
    if size not in _PAGE_SIZES or area not in AREAS:
        return json_answer(404, "No results found.")
    rows = list(_state_rows(area, period, seed))
    first = int(number) * int(size)
    told = [
        {
            "Area": AREAS[area], "Title": row[3], "Base": row[5], "Projected": row[7],
            "Change": row[8], "PercentChange": row[9], "AvgAnnualOpenings": row[10],
            "STFIPS": area, "StateURL": "https://example.org/", "OccCode": row[2],
            "BaseYear": row[4], "ProjYear": row[6],
        }
        for row in rows[first : first + int(size)]
    ]  # fmt: skip
    pager = {
        "current_page": int(number),
        "total_items": len(rows),
        "total_pages": -(-len(rows) // int(size)),
        "items_per_page": int(size),
    }
    shown = told[: len(told) // 2] if edit.half else told
    return json_answer(200, {"rows": shown, "pager": pager})


def _bulk(period: Period, seed: int, edit: Edit) -> bytes:
    rows = [row for area in AREAS for row in _state_rows(area, period, seed)]
    if period == EARLIER_LONG:
        area, occupation = _TINY
        rows.append(_state_row(area, period, occupation, [4.0, 5.0, 1.0]))
    return csv_bytes(edit, _BULK_HEADER, rows)


def _state_rows(area: str, period: Period, seed: int) -> Iterator[list[str]]:
    """Rows of a state in the order of the bulk file; every value is text, rounded to 10."""
    found = project(area, period, seed)
    openings = found.openings(period.years)
    sums = [float(one.sum()) for one in (found.base, found.projected, openings)]
    yield _state_row(area, period, _TOTAL, sums)
    for place, one in enumerate(OCCUPATIONS):
        figures = [float(cells[place]) for cells in (found.base, found.projected, openings)]
        yield _state_row(area, period, (one.soc_code, one.title), figures)


def _state_row(
    area: str, period: Period, occupation: tuple[str, str], figures: list[float]
) -> list[str]:
    base, projected, openings = (round(figure / 10) * 10 for figure in figures)
    percent = f"{100 * (figures[1] - figures[0]) / figures[0]:.1f}".removesuffix(".0")
    return [
        area, AREAS[area], *occupation, str(period.base), str(base), str(period.projected),
        str(projected), str(projected - base), percent, str(openings),
    ]  # fmt: skip


def _areas(seed: int, edit: Edit) -> bytes:
    rows: list[Row] = []
    for period in (LONG, SHORT):
        rows += _area_rows("state", STATE_FIPS, project(STATE_FIPS, period, seed), period)
        for code, found in project_workforce_areas(period, seed).items():
            rows += _area_rows("workforce_area", code, found, period)
    return csv_bytes(edit, _AREA_HEADER, rows)


def _area_rows(kind: str, code: str, found: Projection, period: Period) -> Iterator[Row]:
    flows = (found.exits, found.transfers, found.openings(period.years))
    named = [_TOTAL, *((one.soc_code, one.title) for one in OCCUPATIONS)]
    for place, (soc_code, title) in enumerate(named):
        base, projected, *flow = (
            round(float(cells.sum() if place == 0 else cells[place - 1]))
            for cells in (found.base, found.projected, *flows)
        )
        hidden = (code, soc_code) == _HIDDEN
        yield [
            kind, code, period.horizon, soc_code, title, period.base, base, period.projected,
            projected, *(["*"] * 3 if hidden else flow), f"{STATE_NAME} labor-market office",
            "2026-07-15",
        ]  # fmt: skip


def _occupation_book(seed: int, edit: Edit) -> bytes:
    found, span = project(NATION, LONG, seed), "2024\N{EN DASH}34"
    change = (f"Employment change, numeric, {span}", f"Employment change, percent, {span}")
    start = (f"{_MATRIX} title", f"{_MATRIX} code", "Occupation type", "Employment, 2024",
             "Employment, 2034")  # fmt: skip
    yearly = [
        f"{name}, {span} annual average"
        for name in (
            "Labor force exit rate", "Occupational transfer rate",
            "Total occupational separations rate", "Labor force exits",
            "Occupational transfers", "Total occupational separations", "Occupational openings",
        )
    ]  # fmt: skip
    separations = (*start, *change, *yearly)
    characteristics = (
        *start, "Employment distribution, percent, 2024", "Employment distribution, percent, 2034",
        *change, "Percent self employed, 2024", yearly[-1], "Median annual wage, dollars, 2024[1]",
        *_ASKED, "Related Occupational Outlook Handbook (OOH) content xlsx",
    )  # fmt: skip
    flows = [_flow_row(*one) for one in _levels(found)]
    asked = [_characteristics_row(*one) for one in _levels(found)]
    return xlsx_bytes(
        edit,
        [("Table 1.10", separations, flows), ("Table 1.2", characteristics, asked)],
        below=[[_SOURCE]],
        titles=[
            f"Table 1.10 Occupational separations and openings, projected {span}"
            " (Employment in thousands)",
            "Table 1.2 Occupational projections, 2024\N{EN DASH}2034, and worker characteristics,"
            " 2024 (Employment in thousands)",
        ],
    )


_ASKED: Final = (
    "Typical education needed for entry",
    "Work experience in a related occupation",
    "Typical on-the-job training needed to attain competency in the occupation",
)
_Level = tuple[str, str, str, list[float], float]


def _levels(found: Projection) -> Iterator[_Level]:
    """Title, code, type, figures in thousands (base, projected, exits, transfers), all jobs."""
    cells = (found.base, found.projected, found.exits, found.transfers)
    every = float(found.base.sum()) / 1000
    yield _TOTAL[1], _TOTAL[0], "Summary", [float(one.sum()) / 1000 for one in cells], every
    for major, title in MAJOR_GROUPS.items():
        places = [place for place, one in enumerate(OCCUPATIONS) if one.soc_code[:2] == major[:2]]
        sums = [float(one[places].sum()) / 1000 for one in cells]
        yield f"  {title}", major, "Summary", sums, every
        for place in places:
            occupation = OCCUPATIONS[place]
            figures = [float(one[place]) / 1000 for one in cells]
            yield f"      {occupation.title}", occupation.soc_code, "Line item", figures, every


def _flow_row(title: str, code: str, kind: str, figures: list[float], _: float) -> list[Cell]:
    base, projected, exits, transfers = figures
    mean = (base + projected) / 2
    openings = (projected - base) / LONG.years + exits + transfers
    return [
        title, code, kind,
        *(round(one, 1) for one in (
            base, projected, projected - base, 100 * (projected - base) / base,
            100 * exits / mean, 100 * transfers / mean, 100 * (exits + transfers) / mean,
            exits, transfers, exits + transfers, openings,
        )),
    ]  # fmt: skip


def _characteristics_row(
    title: str, code: str, kind: str, figures: list[float], every: float
) -> list[Cell]:
    flow = _flow_row(title, code, kind, figures, every)
    asked = requirement_of(code)
    told = (asked.education, asked.experience, asked.training)
    return [
        *flow[:5], round(100 * figures[0] / every, 1), round(100 * figures[1] / every, 1),
        *flow[5:7], _DASH, flow[-1], _DASH, *(told if kind == "Line item" else [_DASH] * 3), _DASH,
    ]  # fmt: skip


def _education_book(edit: Edit) -> bytes:
    header = (f"{_MATRIX} title", f"{_MATRIX} code", *_ASKED, "xlsx_ooh_link")
    rows: list[Row] = []
    for one in OCCUPATIONS:
        asked = requirement_of(one.soc_code)
        told = (asked.education, asked.experience, asked.training)
        rows.append([f"{one.title}[1]", one.soc_code, *told, _DASH])
    title = "Table 5.4 Education and training assignments by detailed occupation, 2024"
    return xlsx_bytes(edit, [("Table 5.4", header, rows)], below=[[_SOURCE]], titles=[title])
