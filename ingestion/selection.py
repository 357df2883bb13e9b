"""Which rows of a file belong to a table: by the layout's `keep`, by the table's `where`.

Flow: batch of text columns -> the same with fewer rows -> `ingestion.decode`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from ingestion.contract import TableContract
    from ingestion.layout import Layout
    from ingestion.parts import RawRows


def wanted(layout: Layout, rows: RawRows) -> pa.Array | None:
    """Which rows of a file the warehouse takes, by the layout's `keep`; None for all of them."""
    mask = None
    for name, pattern in layout.keep.items():
        text = pc.fill_null(pc.ascii_trim_whitespace(rows.text(name)), "")
        fits = pc.match_substring_regex(text, pattern)
        mask = fits if mask is None else pc.and_(mask, fits)
    return mask


def claimed(table: TableContract, rows: RawRows) -> pa.Array:
    """Which rows of a file belong to the table, by its `where` (blank cells count as '')."""
    mask = pa.repeat(pa.scalar(value=True), len(rows.numbers))
    for name, values in table.meta.where.items():
        text = rows.text(name)
        plain = pc.fill_null(pc.utf8_upper(pc.utf8_trim_whitespace(text)), "")
        mask = pc.and_(mask, pc.is_in(plain, pa.array(values, pa.string())))
    return mask


def filtered(rows: RawRows, mask: pa.Array) -> RawRows:
    """The rows where the mask is true, with their numbers."""
    columns = {name: column.filter(mask) for name, column in rows.columns.items()}
    return replace(rows, columns=columns, numbers=rows.numbers.filter(mask))
