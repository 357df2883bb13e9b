"""Rows that contradict themselves: every cell is of its type, and together they cannot be true.

Flow: typed batch + the contract's `contradictions` -> masks of rows, with the reason of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingestion.contract import TableContract

SIGNS: dict[str, Callable[[pa.Array], pa.Array]] = {
    "zero": lambda values: pc.equal(pc.sign(values), 0),
    "not_zero": lambda values: pc.not_equal(pc.sign(values), 0),
    "negative": lambda values: pc.less(pc.sign(values), 0),
}


def contradictory(table: TableContract, batch: pa.RecordBatch) -> Iterator[tuple[pa.Array, str]]:
    """Yield, for each rule of the table, where it strikes, and its reason.

    An empty cell contradicts nothing.

    Args:
        table: The table; its rules name columns of numbers.
        batch: Typed rows.
    """
    for rule in table.meta.contradictions:
        strikes = pa.repeat(pa.scalar(value=True), batch.num_rows)
        for name, sign in rule.when.items():
            holds = pc.fill_null(SIGNS[sign](batch.column(name)), fill_value=False)
            strikes = pc.and_(strikes, holds)
        yield strikes, rule.reason
