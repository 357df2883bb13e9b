"""Few rows in tables of any shape, made by the owner and rolled back after each test."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from expectations.doors import SqlCheck
from expectations.gate import run_check
from expectations.subject import Subject
from p20w.postgres import dsn
from p20w.settings import Settings

RUN = 4711


class FewRows:
    """Makes tables and asks checks about them, in one transaction."""

    def __init__(self, database: psycopg.Connection) -> None:
        self.database = database

    def make(self, table: str, columns: str, rows: str) -> None:
        """A table: `columns` as name:type, `rows` one a line, cells by comma, empty is null."""
        named = [column.strip().split(":") for column in columns.split(",")]
        name = sql.Identifier(*table.split("."))
        typed = [sql.SQL("{} {}").format(sql.Identifier(one), sql.SQL(kind)) for one, kind in named]
        self.database.execute(
            sql.SQL("create table {} ({})").format(name, sql.SQL(", ").join(typed))
        )
        for row in rows.strip().splitlines():
            cells = [sql.Literal(cell.strip() or None) for cell in row.split(",")]
            self.database.execute(
                sql.SQL("insert into {} values ({})").format(name, sql.SQL(", ").join(cells))
            )

    def counts(self, check: SqlCheck) -> tuple[int | None, int | None]:
        """Elements and unexpected ones of a check that could be evaluated."""
        outcome = run_check(self.database, check)
        assert outcome.error is None
        return outcome.element_count, outcome.unexpected_count

    def answer(self, query: sql.Composed) -> tuple[object, ...]:
        """The one row of a query."""
        row = self.database.execute(query).fetchone()
        assert row is not None
        return tuple(row)

    def subject(self, **changes: object) -> Subject:
        """Release 7 of the run, without tables unless given."""
        known: dict[str, object] = {
            "run_id": RUN,
            "schema": "release_7",
            "tables": {},
            "contracts": (),
            "true_schema": "release_7_true",
        }
        return Subject(**(known | changes))  # type: ignore[arg-type]

    def ledger_run(self) -> None:
        """A complete run with one load of two rows, all layers and both doors."""
        self.database.execute(
            """
            insert into ops.run (run_id, kind, state, started_at, code_commit, as_of_date)
            values (4711, 'nightly', 'running', '2026-01-10', 'abc', '2026-01-10');
            insert into ops.load (load_id, source, content_hash, contract_version, layout,
                row_counts, rejected_count, loaded_at)
            values (4712, 'edfi', 'x', 'y', 'synthetic', '{"students": 2}', 0, '2026-01-09');
            insert into ops.source_release (source_release_id, source, release, origin, state,
                opened_at, completed_at)
            values (4713, 'edfi', '2026-01-09', 'endpoint', 'complete', '2026-01-09', '2026-01-09');
            insert into ops.landed_file (source_release_id, name, path, sha256, content_hash,
                size_bytes, retrieved_at, load_id)
            values (4713, 'students', 'p', 's', 'x', 1, '2026-01-09', 4712);
            insert into ops.run_input (run_id, load_id, source, source_release_id)
            values (4711, 4712, 'edfi', 4713);
            insert into ops.layer_build (run_id, layer, state, started_at)
            select 4711, layer, 'complete', '2026-01-10'
            from unnest(array['staging', 'identity', 'core', 'marts']) as layer;
            insert into ops.check_result (run_id, door, check_id, severity, success, checked_at)
            select 4711, door, 'any', 'block', true, '2026-01-10'
            from unnest(array['staging', 'core']) as door;
            """
        )


@pytest.fixture
def few(template: Settings) -> Iterator[FewRows]:
    with psycopg.connect(dsn(template, "owner")) as connection:
        connection.execute(
            "create schema release_7; create table reference.suppression_profiles as"
            " select 'public_default' as profile, 10 as minimum_group_size,"
            " 3 as minimum_numerator, cast(null as date) as valid_to"
        )
        yield FewRows(connection)
        connection.rollback()
