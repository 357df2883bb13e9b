"""Sums that a mart declares: members and residual make their total, children make their parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from expectations.checks import nothing
from expectations.doors import SqlCheck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from expectations.marts import Dimension, Mart

ORGANIZATION = "organization_code"


def sum_checks(schema: str, marts: Sequence[Mart]) -> list[SqlCheck]:
    """All declared sums of all counts."""
    made = [
        make(schema, mart, dimension, count.column)
        for mart in marts
        for dimension in mart.dimensions
        if dimension.additive
        for make, declared in (
            (members_make_total, dimension.total),
            (children_make_parent, dimension.parent_column),
        )
        if declared is not None
        for count in mart.counts
    ]
    return [
        nothing("group_sums_plus_residual_equal_total", "declared totals"),
        nothing("cohort_sum_state_equals_members", "declared hierarchies of organisations"),
        *made,
    ]


def members_make_total(schema: str, mart: Mart, dimension: Dimension, count: str) -> SqlCheck:
    """Totals that differ from the sum of their members, the residual included.

    Sums with an unknown member are left out: unknown is not zero.
    """
    own = {dimension.column, dimension.within}
    rest = [key for key in mart.keys if key not in own]
    groups = [*rest, *([dimension.within] if dimension.within else [])]
    query = sql.SQL(
        "select count(*), count(*) filter (where members.counted <> whole.{count}) from"
        " (select {groups}, sum({count}) as counted from {mart} where {member} <> {total}"
        " group by {groups} having count(*) = count({count})) as members"
        " inner join {mart} as whole on {on} and whole.{member} = {total}"
        " where whole.{count} is not null"
    ).format(
        count=sql.Identifier(count),
        groups=_list(groups),
        mart=sql.Identifier(schema, mart.name),
        member=sql.Identifier(dimension.column),
        total=sql.Literal(dimension.total),
        on=_same(rest, "members"),
    )
    about = f"{mart.name}.{count} over {dimension.column}"
    return SqlCheck("group_sums_plus_residual_equal_total", about, query)


def children_make_parent(schema: str, mart: Mart, dimension: Dimension, count: str) -> SqlCheck:
    """Parents that differ from the sum of their children."""
    parent = dimension.parent_column or dimension.column
    rest = [key for key in mart.keys if key != dimension.column]
    query = sql.SQL(
        "select count(*), count(*) filter (where children.counted <> whole.{count}) from"
        " (select {groups}, sum({count}) as counted from {mart} where {parent} is not null"
        " group by {groups} having count(*) = count({count})) as children"
        " inner join {mart} as whole on {on} and whole.{child} = children.{parent}"
        " where whole.{count} is not null"
    ).format(
        count=sql.Identifier(count),
        groups=_list([*rest, parent]),
        mart=sql.Identifier(schema, mart.name),
        parent=sql.Identifier(parent),
        child=sql.Identifier(dimension.column),
        on=_same(rest, "children"),
    )
    about = f"{mart.name}.{count} over {parent}"
    if dimension.column != ORGANIZATION:
        return SqlCheck("group_sums_plus_residual_equal_total", about, query)
    return SqlCheck("cohort_sum_state_equals_members", about, query)


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _same(names: Sequence[str], alias: str) -> sql.Composed:
    return sql.SQL(" and ").join(
        [
            sql.SQL("true"),
            *(
                sql.SQL("whole.{name} = {alias}.{name}").format(
                    name=sql.Identifier(name), alias=sql.Identifier(alias)
                )
                for name in names
            ),
        ]
    )
