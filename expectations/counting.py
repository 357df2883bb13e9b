"""How many rows break an expectation: our own count, because BOOLEAN_ONLY results have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import psycopg

Condition = tuple[sql.Composable, list[Any]]


def count_rows(connection: psycopg.Connection, schema: str, table: str) -> int:
    """Rows of a table."""
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def count_unexpected(
    connection: psycopg.Connection, schema: str, table: str, kind: str, kwargs: Mapping[str, Any]
) -> int | None:
    """Rows that break an expectation; None for a kind, or a row condition, that we cannot count."""
    if kwargs.get("row_condition"):
        return None
    if kind in UNIQUE:
        query, values = _repeated(schema, table, UNIQUE[kind](kwargs))
    elif kind in CONDITIONS:
        broken, values = CONDITIONS[kind](kwargs)
        query = sql.SQL("select count(*) from {} where {}").format(
            sql.Identifier(schema, table), broken
        )
    else:
        return None
    row = connection.execute(query, values).fetchone()
    return int(row[0]) if row else None


def _repeated(schema: str, table: str, columns: list[str]) -> tuple[sql.Composed, list[Any]]:
    key = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    return sql.SQL(
        "select coalesce(sum(many), 0) from"
        " (select count(*) as many from {} group by {} having count(*) > 1) as repeated"
    ).format(sql.Identifier(schema, table), key), []


def _null(kwargs: Mapping[str, Any]) -> Condition:
    return sql.SQL("{} is null").format(sql.Identifier(kwargs["column"])), []


def _outside_set(kwargs: Mapping[str, Any]) -> Condition:
    column = sql.Identifier(kwargs["column"])
    allowed = [str(value) for value in kwargs["value_set"]]
    return sql.SQL("not (cast({} as text) = any(%s))").format(column), [allowed]


def _outside_range(kwargs: Mapping[str, Any]) -> Condition:
    column = sql.Identifier(kwargs["column"])
    parts = [
        (sql.SQL(operator).format(column), kwargs[bound])
        for bound, operator in (("min_value", "{} < %s"), ("max_value", "{} > %s"))
        if kwargs.get(bound) is not None
    ]
    return sql.SQL(" or ").join(part for part, _ in parts), [value for _, value in parts]


def _no_match(kwargs: Mapping[str, Any]) -> Condition:
    return sql.SQL("{} !~ %s").format(sql.Identifier(kwargs["column"])), [kwargs["regex"]]


def _not_greater(kwargs: Mapping[str, Any]) -> Condition:
    operator = sql.SQL("<" if kwargs.get("or_equal") else "<=")
    return sql.SQL("{} {} {}").format(
        sql.Identifier(kwargs["column_A"]), operator, sql.Identifier(kwargs["column_B"])
    ), []


CONDITIONS: dict[str, Callable[[Mapping[str, Any]], Condition]] = {
    "expect_column_values_to_not_be_null": _null,
    "expect_column_values_to_be_in_set": _outside_set,
    "expect_column_values_to_be_between": _outside_range,
    "expect_column_values_to_match_regex": _no_match,
    "expect_column_pair_values_a_to_be_greater_than_b": _not_greater,
}
UNIQUE: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "expect_column_values_to_be_unique": lambda kwargs: [kwargs["column"]],
    "expect_compound_columns_to_be_unique": lambda kwargs: list(kwargs["column_list"]),
}
