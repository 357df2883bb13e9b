"""Raw tables as their contracts want them: made where absent, widened where a column is new.

All are made with the warehouse: a night reads them, whether their source has arrived or not.
Their status columns are `reported` by default: the loader sends the statuses of those rows only
that have another. Flow: contract -> `raw_<source>.<table>`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from ingestion.contract import REPORTED
from ingestion.contract_sync import create_table_sql
from ingestion.registry import sources
from p20w.errors import ContractViolation
from p20w.postgres import database_errors, dsn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestion.contract import Column, Contract, TableContract
    from p20w.settings import Settings

SPELLED = {"timestamptz": "timestamp with time zone"}
COLUMNS = """
    select relation.relname, attribute.attname,
        format_type(attribute.atttypid, attribute.atttypmod), attribute.atthasdef
    from pg_attribute as attribute
    inner join pg_class as relation on attribute.attrelid = relation.oid
    inner join pg_namespace as namespace on relation.relnamespace = namespace.oid
    where namespace.nspname = %s and relation.relkind = 'r'
        and attribute.attnum > 0 and not attribute.attisdropped
"""


def ensure_all_tables(settings: Settings) -> None:
    """Make the raw tables of every registered source, for `p20w init` and `p20w up`.

    Raises:
        ContractViolation: As `ensure_tables`.
    """
    for source in sources():
        ensure_tables(source.contract, dsn(settings, "loader"))


def ensure_tables(contract: Contract, address: str) -> None:
    """Make the raw tables that are absent and add columns that the contract gained.

    Raises:
        ContractViolation: A column exists with another type: give it a new name in the contract.
    """
    with database_errors(), psycopg.connect(address) as connection:
        connection.execute(
            "select pg_advisory_xact_lock(hashtext(%s))", [f"p20w.tables {contract.schema_name}"]
        )
        rows = connection.execute(COLUMNS, [contract.schema_name]).fetchall()
        there: dict[str, dict[str, tuple[str, bool]]] = {}
        for table_name, column_name, kind, has_default in rows:
            there.setdefault(table_name, {})[column_name] = (kind, has_default)
        for table in contract.tables:
            for statement in _changes(contract, table, there.get(table.name)):
                connection.execute(statement)


def _changes(
    contract: Contract, table: TableContract, there: dict[str, tuple[str, bool]] | None
) -> Iterator[sql.SQL | sql.Composed]:
    name = sql.Identifier(contract.schema_name, table.name)
    if there is None:
        yield sql.SQL(create_table_sql(contract, table))
        there = {column.name: (_spelled(column), False) for column in table.columns}
    for column in table.columns:
        kind, has_default = there.get(column.name, (None, False))
        if kind is None:
            yield sql.SQL("alter table {} add column {} {}").format(
                name, sql.Identifier(column.name), sql.SQL(column.data_type)
            )
        elif kind != _spelled(column):
            raise ContractViolation(
                f"{contract.schema_name}.{table.name}.{column.name} is {kind} in the database and"
                f" {column.data_type} in the contract. Raw tables only grow: give the column a new"
                " name in the contract."
            )
        if column.name in table.statuses and not has_default:
            # Never together with `add column`: rows of earlier loads have no status.
            yield sql.SQL("alter table {} alter column {} set default {}").format(
                name, sql.Identifier(column.name), sql.Literal(REPORTED)
            )


def _spelled(column: Column) -> str:
    """The column's type as PostgreSQL spells it."""
    return SPELLED.get(column.data_type, column.data_type)
