"""Marked people: persons whose every trait occurs nowhere else, and a search for the traits.

`marked_state` puts them into the invented Wisconsin, `watch` keeps what a call tells, `written`
yields what lies in every place where no person may be, and the traps make the database say the
worst: an error whose message, DETAIL and HINT are a marked person's whole row.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import logging
import os
import re
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from psycopg import sql

from p20w.dbt_runner import PROJECT
from p20w.postgres import connect
from p20w.settings import Settings
from p20w.synthetic.state import SyntheticState, build_state

BIRTH_DATE = date(1999, 12, 29)


@dataclass(frozen=True, slots=True)
class MarkedPerson:
    """One person's traits; the clearinghouse returns the request id behind an underscore."""

    student_id: str
    request_id: str
    first_name: str
    middle_name: str
    last_name: str


ONE = MarkedPerson("7700419923", "zq77marked01", "Qqaabxoth", "Wvvutzemi", "Zzyzxqvar")
TWO = MarkedPerson("7700419931", "zq77marked02", 'Qqaabxoth "Q"', "Wvvutzemi", "Zzyzxqvar Jr, II")
PEOPLE = (ONE, TWO)
NAMES = ("qqaabxoth", "wvvutzemi", "zzyzxqvar")
CELL = "Yyxwcell"
"""A mark for what holds no person: a cell of a true mart, which no log may show either."""
MARKS = (
    *(person.student_id for person in PEOPLE),
    *(person.request_id for person in PEOPLE),
    *NAMES,
    CELL,
    *(f"{BIRTH_DATE:{form}}" for form in ("%Y-%m-%d", "%m/%d/%Y", "date(%Y, %m, %d)")),
)


def marked_state(students: int, seed: int) -> SyntheticState:
    """A state whose first two graduates with every kind of record are the marked people."""
    state = build_state(students, seed)
    places = _with_every_record(state)[: len(PEOPLE)]
    ids = state.students["student_id"].to_pylist()
    marked = dict(zip([ids[place] for place in places], PEOPLE, strict=True))
    requests = {
        row["request_id"]: marked[row["student_id"]].request_id
        for row in state.demographics.to_pylist()
        if row["student_id"] in marked
    }
    students_table, searches = state.students, state.searches
    for place, person in zip(places, PEOPLE, strict=True):
        traits = {
            name: getattr(person, name) for name in ("first_name", "middle_name", "last_name")
        }
        row = searches["student"].to_pylist().index(place)
        searches = _with(searches, row, traits | {"return_id": f"_{person.request_id}"})
        students_table = _with(students_table, place, traits | {"birth_date": BIRTH_DATE})
    new_ids = {old: person.student_id for old, person in marked.items()}
    named = {
        name: _renamed(getattr(state, name), "student_id", new_ids)
        for name in ("enrollments", "demographics", "attempts", "associations", "records")
    }
    named["demographics"] = _renamed(named["demographics"], "request_id", requests)
    return replace(
        state,
        students=_renamed(students_table, "student_id", new_ids),
        searches=searches,
        **named,
    )


def _with_every_record(state: SyntheticState) -> list[int]:
    """Places of students with courses, CTE, diploma, college terms and awards that link."""
    ids = state.students["student_id"].to_pylist()
    asked = dict(zip(*(state.demographics[name].to_pylist() for name in KEYS), strict=True))
    returned = {row["student"]: row["return_id"] for row in state.searches.to_pylist()}
    in_college = {*state.college_terms["student"].to_pylist()}
    in_college &= {*state.college_awards["student"].to_pylist()}
    in_school = {*state.associations["student_id"].to_pylist()}
    in_school &= {*state.attempts["student_id"].to_pylist()}
    return [
        place
        for place in sorted(in_college & set(returned))
        if ids[place] in in_school and returned[place] == f"_{asked[ids[place]]}"
    ]


KEYS = ("student_id", "request_id")


def _with(table: pa.Table, place: int, changes: dict[str, object]) -> pa.Table:
    for name, value in changes.items():
        values = table[name].to_pylist()
        values[place] = value
        column = pa.array(values, table.schema.field(name).type)
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _renamed(table: pa.Table, name: str, names: dict[str, str]) -> pa.Table:
    values = [names.get(value, value) for value in table[name].to_pylist()]
    return table.set_column(table.column_names.index(name), name, pa.array(values, pa.string()))


class Search:
    """Finds marks in bytes: as text in any case, as hexadecimal and as base64.

    Plain searches in lower case: one expression of all forms takes twenty times as long.
    """

    def __init__(self, marks: Iterable[str]) -> None:
        self.forms: set[bytes] = set()
        for mark in marks:
            for spelled in {mark, mark.lower(), mark.upper(), mark.capitalize()}:
                text = spelled.encode()
                self.forms |= {text.lower(), text.hex().encode(), *_base64(text)}

    def finds(self, content: str | bytes) -> bool:
        """Whether any mark is in the content."""
        lower = (content.encode() if isinstance(content, str) else content).lower()
        return any(form in lower for form in self.forms)


def _base64(text: bytes) -> Iterator[bytes]:
    """The letters of base64 that the text alone decides, at each of its three places."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + text)
        yield encoded[-(-before * 8 // 6) : (before + len(text)) * 8 // 6].lower()


@dataclass(frozen=True, slots=True)
class Told:
    """What a call told: the error it ended in, and all that it raised, printed and logged."""

    error: Exception | None
    text: str


def watch(call: Callable[[], object]) -> Told:
    """Run a call and keep its error with the chain as printed, its prints and its DEBUG logs."""
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root, error = logging.getLogger(), None
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with _printed() as read:
            try:
                call()
            except Exception as raised:  # noqa: BLE001 - what any error tells is the question
                error = raised
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    parts = [read(), logged.getvalue()]
    if error is not None:
        parts += [*traceback.format_exception(error), repr(error), repr(vars(error))]
    return Told(error, "\n".join(parts))


@contextlib.contextmanager
def _printed() -> Iterator[Callable[[], str]]:
    """Everything that goes to stdout and stderr meanwhile, from below Python as well."""
    with tempfile.TemporaryFile("w+") as kept:
        before = [os.dup(number) for number in (1, 2)]
        with contextlib.redirect_stdout(kept), contextlib.redirect_stderr(kept):
            for number in (1, 2):
                os.dup2(kept.fileno(), number)
            content = io.StringIO()
            try:
                yield content.getvalue
            finally:
                for number, old in zip((1, 2), before, strict=True):
                    os.dup2(old, number)
                    os.close(old)
        kept.flush()
        kept.seek(0)
        content.write(kept.read())


SHUT = {"landing", "work", "data"}
"""Folders of the home, and of its server, where people's data are by right."""


@dataclass(frozen=True, slots=True)
class ServerLog:
    """PostgreSQL's own log from a moment on: one server may serve many tests."""

    path: Path
    start: int

    @classmethod
    def from_now(cls, path: Path) -> ServerLog:
        return cls(path, path.stat().st_size)

    def read(self) -> bytes:
        return self.path.read_bytes()[self.start :]


def written(settings: Settings, server_log: ServerLog) -> Iterator[tuple[str, bytes]]:
    """What lies outside the restricted places: files of the home, logs, the ledger."""
    for path in [*settings.home.rglob("*"), *PROJECT.glob("logs/*"), *PROJECT.glob("target/*")]:
        inside = path.relative_to(settings.home if path.is_relative_to(settings.home) else PROJECT)
        if path.is_file() and not SHUT & set(inside.parts[:2]):
            yield str(inside), _content(path)
    yield "server.log", server_log.read()
    yield from tables(settings, lambda schema: schema == "ops")


def _content(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".parquet":
        text = io.BytesIO()
        pyarrow.csv.write_csv(pyarrow.parquet.read_table(path), text)
        return text.getvalue()
    return path.read_bytes()


def tables(settings: Settings, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """The rows of all tables of the wanted schemas, as text."""
    with connect(settings, "owner") as connection:
        names = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname !~ '^(pg_|information_)'"
        ).fetchall()
        for schema, table in names:
            if is_wanted(schema):
                query = sql.SQL("copy (select * from {}) to stdout").format(
                    sql.Identifier(schema, table)
                )
                with connection.cursor().copy(query) as blocks:
                    yield f"{schema}.{table}", b"".join(bytes(block) for block in blocks)


def owner(settings: Settings, *statements: str) -> None:
    """Change the database behind everybody's back."""
    with connect(settings, "owner") as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def lay_traps(settings: Settings) -> None:
    """Functions that refuse a marked row and show it; `read_trap` and `write_trap` set them."""
    marks = "|".join(re.sub(r"\W", ".", mark) for mark in MARKS)
    owner(
        settings,
        "create schema trap; grant usage on schema trap to public",
        f"""
        create table trap.mark (pattern text); grant select on trap.mark to public;
        insert into trap.mark values ('{marks}');
        create function trap.tell(told text) returns boolean language plpgsql as $$
        begin
            if exists (select from trap.mark where told ~* pattern) then
                raise exception 'row refused: %', told using detail = told, hint = told;
            end if;
            return true;
        end $$;
        create function trap.cast_text(told text) returns boolean language plpgsql as $$
        begin
            return not exists (select from trap.mark where told ~* pattern)
                or cast(told as integer) > 0;
        end $$;
        create function trap.refuse() returns trigger language plpgsql as $$
        begin
            perform trap.tell(new::text);
            return new;
        end $$
        """,
    )


@contextlib.contextmanager
def read_trap(settings: Settings, schema: str, table: str, kind: str) -> Iterator[None]:
    """Whoever reads a marked row of the table gets an error that shows it."""
    name = f"{schema}.{table}"
    owner(
        settings,
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"create policy trap on {name} for select using (trap.{kind}({table}::text))",
    )
    try:
        yield
    finally:
        owner(
            settings,
            f"drop policy if exists trap on {name}",
            f"alter table {name} no force row level security",
            f"alter table {name} disable row level security",
        )


@contextlib.contextmanager
def write_trap(settings: Settings, pattern_of_name: str) -> Iterator[None]:
    """Whoever writes a marked row into a table made meanwhile gets an error that shows it."""
    owner(
        settings,
        f"""
        create function trap.arm() returns event_trigger language plpgsql security definer as $$
        declare made record;
        begin
            for made in select * from pg_event_trigger_ddl_commands() loop
                if made.object_type = 'table' and made.object_identity ~ '{pattern_of_name}' then
                    execute format(
                        'create trigger trap before insert on %s for each row'
                        ' execute function trap.refuse()', made.object_identity
                    );
                end if;
            end loop;
        end $$;
        create event trigger trap on ddl_command_end when tag in ('CREATE TABLE')
            execute function trap.arm()
        """,
    )
    try:
        yield
    finally:
        owner(settings, "drop event trigger trap", "drop function trap.arm()")
