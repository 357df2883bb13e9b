"""Which rule withheld which cell: the protector's decisions -> `release_<id>_true.cell_decision`.

Published as a table of true figures is, for `accountability` alone: a reason tells that a cell is
small. A reader sees the reasons of its own organisations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from p20w.release.tables import CELL_DECISION, columns, write_arrow

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg
    import pyarrow as pa

    from p20w.release.marts import Mart

ABOUT = (
    "Why cells of the public tables are withheld. One row per table, cell and column. Restricted:"
    " a reason tells that a cell, or one that could be computed from it, is small."
)
COLUMNS = {
    "mart": ("text not null", "Name of the public table."),
    "cell_key": ("text not null", "The cell's row: its key columns and their values, as JSON."),
    "column_name": ("text not null", "Count or rate that is withheld in this row."),
    "reason": ("text not null", "Rule that withheld it: see docs/disclosure.md."),
    "organization_code": ("text", "Organisation of the row; null where it is of none."),
    "parent_organization_code": ("text", "Organisation that the row's organisation belongs to."),
}
DECIDED = ("mart", "cell_key", "column_name", "reason")


def write_decisions(
    connection: psycopg.Connection,
    schema: str,
    release_id: int,
    decisions: pa.Table,
    derived: Iterable[Mart],
) -> None:
    """Make the table of a release's decisions beside its true marts, which must be there.

    Args:
        connection: The publisher's.
        schema: The release's true schema.
        release_id: The release.
        decisions: One row per withheld cell: mart, cell_key, column_name, reason.
        derived: The marts that count students.
    """
    _make(connection, schema, release_id)
    write_arrow(connection, schema, CELL_DECISION, decisions)
    _name_organizations(connection, schema, derived)


def carry_decisions(
    connection: psycopg.Connection,
    origin: str,
    schema: str,
    release_id: int,
    derived: Iterable[Mart],
) -> None:
    """Make the table as the release has it whose cells are carried over (`origin`: true schema)."""
    _make(connection, schema, release_id)
    known = connection.execute(
        "select to_regclass(format('%%I.%%I', %s::text, %s::text))", [origin, CELL_DECISION]
    ).fetchone()
    if known is None or known[0] is None:
        return
    connection.execute(
        sql.SQL("insert into {target} ({names}) select {names} from {origin}").format(
            target=sql.Identifier(schema, CELL_DECISION),
            names=sql.SQL(", ").join(map(sql.Identifier, DECIDED)),
            origin=sql.Identifier(origin, CELL_DECISION),
        )
    )
    _name_organizations(connection, schema, derived)


def _make(connection: psycopg.Connection, schema: str, release_id: int) -> None:
    table = sql.Identifier(schema, CELL_DECISION)
    named = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
        for name, (kind, _) in COLUMNS.items()
    ]
    connection.execute(
        sql.SQL(
            "create table {} (release_id bigint not null default {release}"
            " check (release_id = {release}), {})"
        ).format(table, sql.SQL(", ").join(named), release=sql.Literal(release_id))
    )
    connection.execute(sql.SQL("comment on table {} is {}").format(table, sql.Literal(ABOUT)))
    for name, (_, about) in COLUMNS.items():
        column = sql.Identifier(schema, CELL_DECISION, name)
        connection.execute(sql.SQL("comment on column {} is {}").format(column, sql.Literal(about)))


def _name_organizations(
    connection: psycopg.Connection, schema: str, derived: Iterable[Mart]
) -> None:
    """Say whose row it is: the view of readers shows them their own organisations' only."""
    table = sql.Identifier(schema, CELL_DECISION)
    connection.execute(
        sql.SQL("update {} set organization_code = cell_key::json ->> 'organization_code'").format(
            table
        )
    )
    for mart in derived:
        known = columns(connection, schema, mart.name)
        period = mart.declaration.period if mart.declaration is not None else None
        if not {"organization_code", "parent_organization_code"} <= known.keys():
            continue
        connection.execute(
            sql.SQL(
                "update {table} as decision"
                " set parent_organization_code = placed.parent_organization_code"
                " from (select distinct organization_code, parent_organization_code,"
                " {period} as period from {mart}) as placed where decision.mart = {name}"
                " and decision.organization_code = placed.organization_code"
                " and coalesce(decision.cell_key::json ->> {period_name}, '') = placed.period"
            ).format(
                table=table,
                mart=sql.Identifier(schema, mart.name),
                name=sql.Literal(mart.name),
                period=sql.SQL("''")
                if period is None
                else sql.SQL("{}::text").format(sql.Identifier(period)),
                period_name=sql.Literal(period or ""),
            )
        )
