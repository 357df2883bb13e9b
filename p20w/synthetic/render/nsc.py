"""StudentTracker detail returns as the National Student Clearinghouse sends them.

One csv a return, searched persons in it with one row per college term and one per award, or one row
with `N`. Header spelling differs from return to return; one return comes back in capitals.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from p20w.synthetic.clearinghouse import MAJORS, RETURN_DATES
from p20w.synthetic.colleges import COLLEGES, PUBLIC, College
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import CSV, Cell, Edit, SyntheticFile, csv_bytes

HEADER: Final = (
    "Your Unique Identifier", "First Name", "Middle Initial", "Last Name", "Name Suffix",
    "Requester Return Field", "Record Found Y/N", "Search Date", "College Code/Branch",
    "College Name", "College State", "2-year / 4-year", "Public / Private", "Enrollment Begin",
    "Enrollment End", "Enrollment Status", "Class Level", "Enrollment Major 1", "Enrollment CIP 1",
    "Enrollment Major 2", "Enrollment CIP 2", "Graduated?", "Graduation Date", "Degree Title",
    "Degree Major 1", "Degree CIP 1", "Degree Major 2", "Degree CIP 2", "Degree Major 3",
    "Degree CIP 3", "Degree Major 4", "Degree CIP 4", "College Sequence",
)  # fmt: skip


def files(state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the returns, oldest first; each holds everything known on its day."""
    named = {}
    for place, searched in enumerate(RETURN_DATES):
        on = searched.astype(date)
        name = f"StudentTracker_DETAIL_{on:%Y%m%d}.csv"
        modified = datetime.combine(on, time(6, 0), tzinfo=UTC)
        named[name] = SyntheticFile(name, CSV, modified, partial(_return, state, place, on))
    return named


def spelled(header: tuple[str, ...], place: int) -> list[str]:
    """Return the header as the return of this place spells it."""
    if place == 0:
        return list(header)
    if place == 1:
        return [_in_capitals(name) for name in header]
    return [name.lower() for name in header]


def _in_capitals(name: str) -> str:
    plain = name.replace(" / ", "_").replace("/", "_").replace("?", "").replace("-", "_")
    return plain.replace(" ", "_").upper()


def _return(state: SyntheticState, place: int, on: date, edit: Edit) -> bytes:
    rows = _rows(state, on, in_capitals=place == 1)
    header = spelled(HEADER, place)
    return csv_bytes(edit, header, rows, encoding="utf-8" if place else "windows-1252")


def _rows(state: SyntheticState, on: date, *, in_capitals: bool) -> Iterator[list[Cell]]:
    terms = _of_student(state.college_terms, on)
    awards = _of_student(state.college_awards, on)
    searched = state.searches.filter(pc.field("awarded") <= on)
    for batch in searched.to_batches(max_chunksize=10_000):
        for person in batch.to_pylist():
            found = [_term(row) for row in terms.get(person["student"], ())]
            found += [_award(row) for row in awards.get(person["student"], ())]
            identity = _identity(person, on, is_found=bool(found), in_capitals=in_capitals)
            for tail in found or [[""] * (len(HEADER) - len(identity))]:
                yield [*identity, *tail]


def _of_student(table: pa.Table, on: date) -> dict[int, list[dict[str, Any]]]:
    """Return the rows that are reported by a day, by student."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for batch in table.filter(pc.field("reported") <= on).to_batches(max_chunksize=50_000):
        for row in batch.to_pylist():
            rows.setdefault(row["student"], []).append(row)
    return rows


def _identity(person: dict[str, Any], on: date, *, is_found: bool, in_capitals: bool) -> list[Cell]:
    cells = [
        "",
        person["first_name"],
        (person["middle_name"] or "")[:1],
        person["last_name"],
        "",
        person["return_id"],
    ]
    if in_capitals:
        cells = [cell.upper() for cell in cells]
    return [*cells, "Y" if is_found else "N", f"{on:%Y%m%d}"]


def _college(college: College) -> list[Cell]:
    return [
        college.clearinghouse_code,
        college.name.upper(),
        college.state,
        "4-year" if college.level == "1" else "2-year",
        "Public" if college.control == PUBLIC else "Private",
    ]


def _term(row: dict[str, Any]) -> list[Cell]:
    major, cip = MAJORS[row["major"]]
    return [
        *_college(COLLEGES[row["college"]]),
        f"{row['begin']:%Y%m%d}",
        f"{row['end']:%Y%m%d}",
        row["status"],
        row["class_level"],
        major,
        cip,
        "",
        "",
        "N",
        *[""] * 10,
        "1" if row["is_first"] else "",
    ]


def _award(row: dict[str, Any]) -> list[Cell]:
    major, cip = MAJORS[row["major"]]
    return [
        *_college(COLLEGES[row["college"]]),
        *[""] * 8,
        "Y",
        f"{row['awarded']:%Y%m%d}",
        row["title"],
        major,
        cip,
        *[""] * 6,
        "",
    ]
