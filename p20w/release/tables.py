"""Tables of marts between PostgreSQL and Arrow, their copies, comments and content hashes."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pyarrow as pa
from psycopg import sql
from pyarrow import csv as arrow_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

# Which rule withheld which cell: a table of a release's true schema, not a mart.
CELL_DECISION = "cell_decision"
# Columns that differ from night to night without any figure changing.
NOT_HASHED = {"release_id", "run_id", "snapshot_id", "as_of", "as_of_date", "built_at"}

ARROW_TYPES = {
    "text": pa.string(),
    "character varying": pa.string(),
    "uuid": pa.string(),
    "integer": pa.int64(),
    "bigint": pa.int64(),
    "smallint": pa.int64(),
    "numeric": pa.float64(),
    "double precision": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.string(),
    "timestamp with time zone": pa.string(),
}


def columns(connection: psycopg.Connection, schema: str, table: str) -> dict[str, str]:
    """Columns of a table in their order, with PostgreSQL's name of their type."""
    rows = connection.execute(
        "select attname, format_type(atttypid, null) from pg_attribute"
        " where attrelid = format('%%I.%%I', %s::text, %s::text)::regclass"
        " and attnum > 0 and not attisdropped order by attnum",
        [schema, table],
    ).fetchall()
    return {str(name): str(kind) for name, kind in rows}


def comments(connection: psycopg.Connection, schema: str, table: str) -> dict[str, str]:
    """Comments by column; the table's own stands under the empty name."""
    rows = connection.execute(
        "select coalesce(attname, ''), description from pg_description"
        " left join pg_attribute on attrelid = objoid and attnum = objsubid and attnum > 0"
        " where classoid = 'pg_class'::regclass"
        " and objoid = format('%%I.%%I', %s::text, %s::text)::regclass",
        [schema, table],
    ).fetchall()
    return {str(name): str(comment) for name, comment in rows}


def copy_as_release(
    connection: psycopg.Connection, origin: str, target: str, table: str, release_id: int
) -> None:
    """Make `target.table` as a whole copy of `origin.table` with its release id and comments."""
    named = {
        "origin": sql.Identifier(origin, table),
        "target": sql.Identifier(target, table),
        "release": sql.Literal(release_id),
    }
    make_like(connection, origin, target, table, release_id)
    connection.execute(
        sql.SQL(
            "insert into {target} select {release}::bigint, origin.* from {origin} origin"
        ).format(**named)
    )


def make_like(
    connection: psycopg.Connection, origin: str, target: str, table: str, release_id: int
) -> None:
    """Make an empty `target.table` with the columns of `origin.table` behind a release id."""
    named = {
        "origin": sql.Identifier(origin, table),
        "target": sql.Identifier(target, table),
        "release": sql.Literal(release_id),
    }
    connection.execute(
        sql.SQL(
            "create table {target} (release_id bigint not null check (release_id = {release}),"
            " like {origin} including comments)"
        ).format(**named)
    )
    connection.execute(
        sql.SQL("comment on table {} is {}").format(
            named["target"], sql.Literal(comments(connection, origin, table).get(""))
        )
    )


def allow_nulls(connection: psycopg.Connection, schema: str, table: str) -> None:
    """Let every column but the release id be null: a withheld figure is."""
    rows = connection.execute(
        "select attname from pg_attribute where attnotnull and attnum > 0 and not attisdropped"
        " and attrelid = format('%%I.%%I', %s::text, %s::text)::regclass"
        " and attname <> 'release_id'",
        [schema, table],
    ).fetchall()
    for (name,) in rows:
        connection.execute(
            sql.SQL("alter table {} alter column {} drop not null").format(
                sql.Identifier(schema, table), sql.Identifier(name)
            )
        )


def read_arrow(connection: psycopg.Connection, schema: str, table: str) -> pa.Table:
    """A mart as Arrow: whole numbers as int64, shares as float64, dates and ids as text."""
    kinds = columns(connection, schema, table)
    query = sql.SQL("copy (select * from {}) to stdout with (format csv, header true)").format(
        sql.Identifier(schema, table)
    )
    buffer = io.BytesIO()
    with connection.cursor().copy(query) as rows:
        for block in rows:
            buffer.write(block)
    buffer.seek(0)
    return arrow_csv.read_csv(
        buffer,
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: ARROW_TYPES.get(kind, pa.string()) for name, kind in kinds.items()},
            true_values=["t"],
            false_values=["f"],
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def write_arrow(connection: psycopg.Connection, schema: str, table: str, rows: pa.Table) -> None:
    """Append Arrow rows; the server parses the text, so that its types decide."""
    query = sql.SQL("copy {} ({}) from stdin with (format csv, header true)").format(
        sql.Identifier(schema, table),
        sql.SQL(", ").join(sql.Identifier(name) for name in rows.column_names),
    )
    buffer = io.BytesIO()
    arrow_csv.write_csv(rows, buffer)
    with connection.cursor().copy(query) as sink:
        sink.write(buffer.getbuffer())


def content_hash(
    connection: psycopg.Connection, schema: str, table: str, grain: Sequence[str]
) -> str:
    """sha256 over the rows as text, in grain order, without ids and times of the run."""
    kept = [name for name in columns(connection, schema, table) if name not in NOT_HASHED]
    order = [name for name in grain if name in kept] or kept
    query = sql.SQL("copy (select {} from {} order by {}) to stdout").format(
        sql.SQL(", ").join(sql.Identifier(name) for name in kept),
        sql.Identifier(schema, table),
        sql.SQL(", ").join(
            sql.SQL('{}::text collate "C"').format(sql.Identifier(name)) for name in order
        ),
    )
    digest = hashlib.sha256()
    with connection.cursor().copy(query) as rows:
        for block in rows:
            digest.update(block)
    return digest.hexdigest()
