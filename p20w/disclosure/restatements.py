"""Public releases side by side: a cell that changed by a handful of people is those people.

Method: domain rule P5 (differencing over releases). One cell kept at its old value could be worked
out from its printed neighbours, so what is held is the cell's whole period, in every mart: readers
go on seeing one release's figures of that period, which have been audited together.
Flow: protected marts of earlier releases and of a new one -> `SmallRestatement`s -> the new marts
with the held periods as they were.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from p20w.disclosure.declaration import Count, Declaration, Profile

HELD = "held_restatement"
NOT_YET = "not_yet"
STATUS_SUFFIX = "_status"
Period = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SmallRestatement:
    """A count that both releases print and that differs by fewer people than a small group.

    Args:
        mart: The mart.
        cell_key: The cell's dimensions as JSON.
        column: The count.
    """

    mart: str
    cell_key: str
    column: str


def small_restatements(
    earlier: Mapping[str, pa.Table],
    later: Mapping[str, pa.Table],
    declarations: Mapping[str, Declaration],
    profiles: Mapping[str, Profile],
) -> list[SmallRestatement]:
    """Cells whose change between two public releases is itself a small group.

    Args:
        earlier: Protected marts of the earlier release, by name.
        later: Protected marts of the later one; what only one of them has is left out.
        declarations: Per mart, its declaration.
        profiles: Per name, the suppression profile.
    """
    return [
        found
        for name in sorted(set(earlier) & set(later))
        for count in declarations[name].counts
        for found in _small_changes(earlier[name], later[name], declarations[name], count, profiles)
    ]


def held_periods(
    found: Iterable[SmallRestatement], declarations: Mapping[str, Declaration]
) -> set[Period]:
    """The periods that small restatements lie in, as column and member."""
    return {_period_of(json.loads(item.cell_key), declarations[item.mart].period) for item in found}


def hold(
    earlier: pa.Table | None, later: pa.Table, declaration: Declaration, held: set[Period]
) -> pa.Table:
    """A protected mart in which held periods have the earlier release's rows and no others.

    Args:
        earlier: The mart in the earlier release; None where it is new since then.
        later: The mart in the new release.
        declaration: The mart's declaration.
        held: The periods to hold.
    """
    column = declaration.period
    later = later.filter(pc.invert(_is_in(later, column, held)))
    if earlier is None:
        return later
    return pa.concat_tables([later, _like(earlier.filter(_is_in(earlier, column, held)), later)])


def hold_decisions(
    earlier: pa.Table | None,
    later: pa.Table,
    found: Iterable[SmallRestatement],
    declarations: Mapping[str, Declaration],
) -> pa.Table:
    """Reasons to match `hold`: the earlier ones of held periods, and which cells hold them."""
    found = list(found)
    held = held_periods(found, declarations)

    def is_held(decisions: pa.Table) -> pa.Array:
        rows = zip(decisions["mart"].to_pylist(), decisions["cell_key"].to_pylist(), strict=True)
        return pa.array(
            [
                mart in declarations
                and _period_of(json.loads(key), declarations[mart].period) in held
                for mart, key in rows
            ],
            pa.bool_(),
        )

    causes = pa.table(
        {
            "mart": [item.mart for item in found],
            "cell_key": [item.cell_key for item in found],
            "column_name": [item.column for item in found],
            "reason": [HELD] * len(found),
        },
        schema=later.schema,
    )
    kept = [later.filter(pc.invert(is_held(later))), causes]
    if earlier is not None:
        kept.append(earlier.select(later.column_names).filter(is_held(earlier)).cast(later.schema))
    return pa.concat_tables(kept)


def _small_changes(
    earlier: pa.Table,
    later: pa.Table,
    declaration: Declaration,
    count: Count,
    profiles: Mapping[str, Profile],
) -> Iterator[SmallRestatement]:
    keys = [
        name
        for dimension in declaration.dimensions
        for name in (dimension.within, dimension.column)
        if name is not None
    ]
    if not {*keys, count.column} <= set(earlier.column_names):
        return  # another table by the same name: comparable from the next release on
    before = earlier.select([*keys, count.column]).rename_columns([*keys, "before"])
    both = later.select([*keys, count.column]).join(before, keys, join_type="inner")
    change = pc.abs(pc.subtract(both[count.column], both["before"]))
    # Few people are few, whether they are a group or an outcome.
    least = profiles[declaration.profile].minimum_group_size
    is_small = pc.and_(pc.greater(change, 0), pc.less(change, least))
    for row in both.filter(pc.fill_null(is_small, False)).select(keys).to_pylist():  # noqa: FBT003
        yield SmallRestatement(declaration.mart, json.dumps(row, default=str), count.column)


def _period_of(key: Mapping[str, object], column: str | None) -> Period:
    return ("", "") if column is None else (column, str(key[column]))


def _is_in(table: pa.Table, column: str | None, held: set[Period]) -> pa.Array:
    if column is None:
        return pa.array([("", "") in held] * table.num_rows, pa.bool_())
    members = pa.array([member for name, member in held if name == column], pa.string())
    return pc.is_in(table[column].cast("string"), members)


def _like(rows: pa.Table, model: pa.Table) -> pa.Table:
    """Rows with the columns of another table; figures that they did not have are not yet known."""
    for field in model.schema:
        if field.name not in rows.column_names:
            filling = NOT_YET if field.name.endswith(STATUS_SUFFIX) else None
            values = pa.array([filling] * rows.num_rows, field.type)
            rows = rows.append_column(field.name, values)
    return rows.select(model.column_names).cast(model.schema)
