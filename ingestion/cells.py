"""Where the cells of a block of a delimited text are, found by numpy in its bytes.

For blocks of plain rows only, which most are: no quotes, every row as wide as its header. Any other
block is Arrow's, which tells what is wrong with it.
Flow: block of whole rows -> spans of each column -> `ingestion.decode`.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import numpy as np

from ingestion.letters import LEAD, Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE_FEED, CARRIAGE_RETURN = b"\n", b"\r"
PIECE_BYTES = 512 << 10
"""Searched at once: what is made on the way fits a processor's cache."""


def find_cells(block: bytes, delimiter: str, width: int, skipped: int) -> list[Spans] | None:
    """Find the cells of a block's rows.

    Args:
        block: Whole lines without a quote below the skipped ones, in UTF-8.
        delimiter: One ASCII letter between two cells.
        width: Cells of a row.
        skipped: Lines above the first row.

    Returns:
        The cells, column by column; None of no rows, of rows of one cell, and where a line has
        another number of cells or another end than the others.
    """
    if width <= 1:  # where a cell is a whole row, a blank line is no row
        return None
    begin = _below(block, skipped)
    if begin is None:
        return None
    end = b"" if block.endswith(LINE_FEED) else LINE_FEED
    letters = np.frombuffer(b"".join((bytes(LEAD), memoryview(block)[begin:], end)), np.uint8)
    places, lines = _places(letters, ord(delimiter))
    rows, rest = divmod(len(places), width)
    if rest or rows != lines or rows == 0:
        return None
    ends = places.reshape(rows, width).T.copy()
    if (letters[ends[-1]] != ord(LINE_FEED)).any():
        return None
    begins = np.empty_like(ends)
    begins[0, 0], begins[0, 1:] = LEAD, ends[-1, :-1] + 1
    np.add(ends[:-1], 1, out=begins[1:])
    if CARRIAGE_RETURN in block:
        ends[-1] -= 1
        if (
            block.count(CARRIAGE_RETURN, begin) != rows
            or (letters[ends[-1]] != ord(CARRIAGE_RETURN)).any()
        ):
            return None
    return [Spans(letters, *both) for both in zip(begins, ends, strict=True)]


def _below(block: bytes, lines: int) -> int | None:
    """Where the first row begins; None where not every line above ends with a line feed."""
    begin = len(codecs.BOM_UTF8) if block.startswith(codecs.BOM_UTF8) else 0
    for _ in range(lines):
        begin = block.find(LINE_FEED, begin) + 1
        if begin == 0:
            return None
    ends_alike = block.count(CARRIAGE_RETURN, 0, begin) == block.count(b"\r\n", 0, begin)
    return begin if ends_alike else None


def _places(letters: NDArray[np.uint8], delimiter: int) -> tuple[NDArray[np.int32], int]:
    """Where cells end, by a delimiter or the line's end, and how many lines end."""
    found, lines = [np.empty(0, np.int64)], 0
    for start in range(LEAD, len(letters), PIECE_BYTES):
        piece = letters[start : start + PIECE_BYTES]
        is_end = piece == ord(LINE_FEED)
        lines += int(np.count_nonzero(is_end))
        is_end |= piece == delimiter
        found.append(np.flatnonzero(is_end) + start)
    return np.concatenate(found, dtype=np.int32, casting="unsafe"), lines
