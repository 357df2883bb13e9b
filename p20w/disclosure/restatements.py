"""Two public releases side by side: a cell that changed by a handful of people is those people.

Method: domain rule P5 (differencing over releases). Flow: two releases' protected marts ->
`SmallRestatement`s, which the release step holds at their old value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from p20w.disclosure.declaration import Count, Declaration, Profile


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
    """Cells whose change between two public releases is itself a small cell.

    Args:
        earlier: Protected marts of the earlier release, by name.
        later: Protected marts of the later one; marts that are in only one are left out.
        declarations: Per mart, its declaration.
        profiles: Per name, the suppression profile.
    """
    return [
        found
        for name in sorted(set(earlier) & set(later))
        for count in declarations[name].counts
        for found in _small_changes(earlier[name], later[name], declarations[name], count, profiles)
    ]


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
    before = earlier.select([*keys, count.column]).rename_columns([*keys, "before"])
    both = later.select([*keys, count.column]).join(before, keys, join_type="inner")
    change = pc.abs(pc.subtract(both[count.column], both["before"]))
    profile = profiles[declaration.profile]
    least = profile.minimum_numerator if count.outcome else profile.minimum_group_size
    is_small = pc.and_(pc.greater(change, 0), pc.less(change, least))
    for row in both.filter(pc.fill_null(is_small, False)).select(keys).to_pylist():  # noqa: FBT003
        yield SmallRestatement(declaration.mart, json.dumps(row, default=str), count.column)
