"""Marked people in files that are refused, and in rows that the database refuses to take."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.ingest import ingest
from ingestion.raw_tables import ensure_tables
from ingestion.registry import source
from p20w.embedded_postgres import EmbeddedPostgres
from p20w.errors import ContractViolation, DatabaseError
from p20w.postgres import connect, dsn
from p20w.settings import Settings
from p20w.synthetic.edfi.students import student_resources
from p20w.synthetic.render import nsc
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import Edit
from tests.integration.marked_people import (
    MARKS,
    ONE,
    PEOPLE,
    Search,
    ServerLog,
    Told,
    lay_traps,
    marked_state,
    owner,
    watch,
    written,
)

pytestmark = pytest.mark.integration

MARKED = Search(MARKS)
Rows = list[list[str]]
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return marked_state(300, 7)


@pytest.fixture
def records(state: SyntheticState) -> Records:
    """The marked people as the Ed-Fi API tells them."""
    students = student_resources(state)[0]
    ids = {person.student_id for person in PEOPLE}
    return [one for one in students.render(0, students.count) if one["studentUniqueId"] in ids]


@pytest.fixture
def answers(state: SyntheticState) -> Rows:
    """The newest return of the clearinghouse: its header, and the marked people's rows."""
    newest = list(nsc.files(state).values())[-1].render(Edit())
    rows = list(csv.reader(io.StringIO(newest.decode())))
    return rows[:1] + [row for row in rows if MARKED.finds(",".join(row))]


@pytest.fixture
def server_log(settings: Settings, session_home: Path) -> ServerLog:
    assert settings.database_url is not None  # the clone of the session's own server
    return ServerLog.from_now(EmbeddedPostgres(session_home, durable=False).log)


@pytest.fixture
def drop(settings: Settings, tmp_path: Path) -> Callable[[str, str, bytes], Told]:
    """Ingest a dropped file and keep what that tells."""

    def dropped(name: str, file_name: str, content: bytes) -> Told:
        path = tmp_path / file_name
        path.write_bytes(content)
        return watch(
            lambda: ingest(
                name,
                settings=settings,
                from_path=path,
                release="dropped",
                allow_volume_reason="a test",
            )
        )

    return dropped


Drop = Callable[[str, str, bytes], Told]


def students_file(records: Records) -> bytes:
    return gzip.compress(b"".join(json.dumps(one).encode() + b"\n" for one in records))


def return_file(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def assert_nobody_is_told(settings: Settings, server_log: ServerLog, told: Told) -> None:
    assert not MARKED.finds(told.text)
    places = [name for name, content in written(settings, server_log) if MARKED.finds(content)]
    assert places == []


REFUSED_BY_DATABASE = {
    "check": (
        "alter table raw_edfi.students add constraint born check (birth_date < '1999-01-01')",
        r"sqlstate=23514.*constraint=born",
    ),
    "not null": (
        "alter table raw_edfi.students alter generation_code_suffix set not null",
        r"sqlstate=23502.*column=generation_code_suffix",
    ),
    "unique": (
        "create unique index one_a_day on raw_edfi.students (birth_date)",
        r"sqlstate=23505.*constraint=one_a_day",
    ),
    "trigger": (
        "create trigger trap before insert on raw_edfi.students"
        " for each row execute function trap.refuse()",
        r"sqlstate=P0001.*students",
    ),
}


@pytest.mark.parametrize("kind", REFUSED_BY_DATABASE)
def test_a_row_that_the_database_refuses_is_told_by_state_and_constraint_only(
    settings: Settings, server_log: ServerLog, drop: Drop, records: Records, kind: str
) -> None:
    statement, expected = REFUSED_BY_DATABASE[kind]
    ensure_tables(source("edfi").contract, dsn(settings, "loader"))
    lay_traps(settings)
    owner(settings, statement)

    told = drop("edfi", "students.ndjson.gz", students_file(records))

    assert isinstance(told.error, DatabaseError)
    assert re.search(expected, str(told.error))
    assert_nobody_is_told(settings, server_log, told)


def with_traits(records: Records, **traits: str) -> bytes:
    return students_file([records[0] | traits, *records[1:]])


REFUSED_RECORDS: dict[str, tuple[Callable[[Records], bytes], str]] = {
    "a name for a date": (
        lambda records: with_traits(records, birthDate=ONE.last_name),
        r"1 of 2 rows of students.*birth_date is not a date \(1\)",
    ),
    "no identifier": (
        lambda records: with_traits(records, studentUniqueId=""),
        r"student_unique_id is empty, but required \(1\)",
    ),
    "a NUL byte": (
        lambda records: with_traits(records, lastSurname=f"{ONE.last_name}\0"),
        r"last_surname holds a NUL byte \(1\)",
    ),
    "twice": (
        lambda records: students_file([*records, records[0]]),
        r"1 keys of students \(student_unique_id\) occur more than once",
    ),
    "a line that breaks off": (
        lambda records: gzip.compress(json.dumps(records[0]).encode()[:-9]),
        r"row has another number of cells \(1\)",
    ),
    "a file that breaks off": (
        lambda records: students_file(records)[:-9],
        r"cannot be opened \(EOFError\)",
    ),
}


@pytest.mark.parametrize("kind", REFUSED_RECORDS)
def test_a_refused_record_is_told_by_column_and_reason_only(
    settings: Settings, server_log: ServerLog, drop: Drop, records: Records, kind: str
) -> None:
    spoil, expected = REFUSED_RECORDS[kind]

    told = drop("edfi", "students.ndjson.gz", spoil(records))

    assert isinstance(told.error, ContractViolation)
    assert re.search(expected, str(told.error))
    assert_nobody_is_told(settings, server_log, told)


def with_cell(rows: Rows, column: str, value: str) -> bytes:
    place = [name.casefold() for name in rows[0]].index(column.casefold())
    changed = [*rows[1][:place], value, *rows[1][place + 1 :]]
    return return_file([rows[0], changed, *rows[2:]])


REFUSED_RETURNS: dict[str, tuple[Callable[[Rows], bytes], str]] = {
    "no header": (
        lambda rows: return_file(rows[1:]),
        r"is the header missing\? \(Cells are not shown",
    ),
    "a name for a date": (
        lambda rows: with_cell(rows, "Enrollment Begin", ONE.last_name),
        r"enrollment_begin_date is not a date \(1\)",
    ),
    "a name for the kind of row": (
        lambda rows: with_cell(rows, "Record Found Y/N", ONE.last_name),
        r"row belongs to no table \(1\)",
    ),
    "a cell too many": (
        lambda rows: return_file([*rows, [*rows[1], ONE.last_name]]),
        r"row has another number of cells \(1\)",
    ),
    "an open quote": (
        lambda rows: return_file(rows) + f'"{ONE.last_name},x\r\n'.encode(),
        r"cannot be read as CSV|another number of cells",
    ),
}


@pytest.mark.parametrize("kind", REFUSED_RETURNS)
def test_a_refused_return_is_told_by_column_and_reason_only(
    settings: Settings, server_log: ServerLog, drop: Drop, answers: Rows, kind: str
) -> None:
    spoil, expected = REFUSED_RETURNS[kind]

    told = drop("nsc", "return.csv", spoil(answers))

    assert isinstance(told.error, ContractViolation)
    assert re.search(expected, str(told.error))
    assert_nobody_is_told(settings, server_log, told)


def test_a_rejected_row_of_a_restricted_source_keeps_no_value_in_any_column(
    settings: Settings, server_log: ServerLog, drop: Drop, answers: Rows
) -> None:
    """A row shifted by a cell has a name where its contract expects a date."""
    many = [answers[0], *answers[1:2] * 2_001]

    told = drop("nsc", "return.csv", with_cell(many, "Enrollment Begin", ONE.last_name))

    with connect(settings, "loader") as connection:
        kept = connection.execute(
            "select table_name, row_number, column_name, reason, value from ops.rejected_row"
        ).fetchall()
    assert told.error is None
    assert kept == [("enrollments", 1, "enrollment_begin_date", "is not a date", None)]
    assert_nobody_is_told(settings, server_log, told)
