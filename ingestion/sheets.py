"""Sheets of workbooks to rows of text; the lines around a table are its notes.

Flow: bytes -> the one sheet that fits -> header, rows, notes (fastexcel).
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.headers import columns_found
from ingestion.parts import Part, RawRows
from ingestion.selection import filtered
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestion.archives import Opener

BATCH_ROWS = 65_536


def prepare_sheet(part: Part, opener: Opener, where: str, *, restricted: bool) -> None:
    """Find a sheet's header and columns, its notes, and how its rows are read.

    Raises:
        ContractViolation: No workbook, or not the one sheet, header and columns promised.
    """
    layout = part.feeds[0].layout
    table = _sheet(opener, layout.sheet or ".", where)
    head = _rows(table.slice(0, layout.highest_header))
    found = columns_found(head, part.feeds, where, restricted=restricted)
    part.notes = [cell for row in head[: found.header_row - found.height] for cell in row if cell]
    body = table.slice(found.header_row)
    if layout.notes is not None:
        body, below = _without_notes(body, layout.notes)
        part.notes += below

    def batches() -> Iterator[RawRows]:
        for start in range(0, body.num_rows, BATCH_ROWS):
            piece = body.slice(start, BATCH_ROWS)
            numbers = pa.array(np.arange(start + 1, start + 1 + piece.num_rows, dtype=np.int64))
            columns = {name: piece.column(index) for name, index in found.positions.items()}
            yield _without_blank_rows(RawRows(columns, numbers))

    part.open = batches


def _rows(table: pa.RecordBatch) -> list[list[str]]:
    columns = [["" if cell is None else cell for cell in one.to_pylist()] for one in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _without_notes(body: pa.RecordBatch, pattern: str) -> tuple[pa.RecordBatch, list[str]]:
    """The rows down to the last that is no note, and the notes below them.

    Only what stands at the end is a note: a line like one between rows is a row that is wrong.
    """
    below: list[str] = []
    end = body.num_rows
    while end:
        (row,) = _rows(body.slice(end - 1, 1))
        filled = [cell for cell in row if cell.strip()]
        if len(filled) > 1 or (filled and not re.search(pattern, filled[0])):
            break
        below[:0] = filled
        end -= 1
    return body.slice(0, end), below


def _sheet(opener: Opener, pattern: str, where: str) -> pa.RecordBatch:
    """The one sheet whose name fits, all cells as text, the header as its first rows."""
    with closing(opener()) as stream:
        content = stream.read()
    try:
        book = fastexcel.read_excel(content)
        fitting = [name for name in book.sheet_names if re.search(pattern, name)]
        if len(fitting) != 1:
            raise ContractViolation(
                f"{where} has the sheets {', '.join(book.sheet_names)}: expected one like"
                f" {pattern}, found {len(fitting)}."
            )
        return book.load_sheet(fitting[0], header_row=None, dtypes="string").to_arrow()
    except fastexcel.FastExcelError as error:
        raise ContractViolation(
            f"{where} cannot be opened as an Excel workbook ({type(error).__name__})."
        ) from error


def _without_blank_rows(rows: RawRows) -> RawRows:
    is_blank = None
    for name in rows.columns:
        blank = pc.is_null(rows.text(name))
        is_blank = blank if is_blank is None else pc.and_(is_blank, blank)
    if is_blank is None or not pc.any(is_blank).as_py():
        return rows
    return filtered(rows, pc.invert(is_blank))
