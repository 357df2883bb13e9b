"""The bytes behind cells of text, as numpy reads them: those of a column, or of a whole file.

Flow: block of a file -> `ingestion.cells` -> spans -> numbers at once, text where it is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAD = 16
"""Bytes before the first cell: as many as `digits` reads before the end of any cell."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Cells of text by their places in bytes that they share with others, in ascending order.

    Attributes:
        letters: UTF-8, behind `LEAD` other bytes.
        begins: Where each cell begins.
        ends: Where the byte behind its last one is.
    """

    letters: NDArray[np.uint8]
    begins: NDArray[np.int32]
    ends: NDArray[np.int32]

    def __len__(self) -> int:
        """Count of the cells."""
        return len(self.ends)

    def filter(self, mask: pa.BooleanArray) -> Spans:
        """The cells where the mask is true."""
        keep = mask.to_numpy(zero_copy_only=False)
        return replace(self, begins=self.begins[keep], ends=self.ends[keep])

    def text(self) -> pa.StringArray:
        """The cells as a column of their own."""
        count = len(self)
        if count == 0:
            return pa.array([], pa.string())
        lengths = self.ends - self.begins
        width = int(lengths[0])
        if width and (lengths == width).all():
            places = len(self.letters) - width + 1
            every = np.ndarray(places, f"V{width}", self.letters, strides=(1,))
            offsets = np.arange(count + 1, dtype=np.int32) * np.int32(width)
            return _strings(offsets, every[self.begins])
        # What is between two cells is taken for a cell too, and left out.
        offsets = np.stack([self.begins, self.ends], axis=1).ravel()
        return _strings(offsets, self.letters).take(pa.array(np.arange(0, 2 * count, 2)))


Written: TypeAlias = "pa.Array | Spans"
"""A column of cells as they are written."""


def text_of(cells: Written) -> pa.StringArray:
    """The cells as Arrow's column."""
    return cells.text() if isinstance(cells, Spans) else cells


def spans_of(cells: Written) -> Spans:
    """The cells by their places; a null one is empty."""
    if isinstance(cells, Spans):
        return cells
    offsets = offsets_of(cells)
    places = offsets - offsets[0] + np.int32(LEAD)
    begins, ends = places[:-1], places[1:]
    if cells.null_count:
        ends = np.where(cells.is_valid().to_numpy(zero_copy_only=False), ends, begins)
    return Spans(np.concatenate([np.zeros(LEAD, np.uint8), letters_of(cells)]), begins, ends)


def offsets_of(text: pa.Array) -> NDArray[np.int32]:
    """Where the cells begin, and the last one ends, in the column's bytes."""
    offsets: NDArray[np.int32] = np.frombuffer(text.buffers()[1], np.int32)
    return offsets[text.offset : text.offset + len(text) + 1]


def letters_of(text: pa.Array) -> NDArray[np.uint8]:
    """The bytes of all cells: they tell at once what no cell needs."""
    letters = text.buffers()[2]
    if letters is None or len(text) == 0:
        return np.empty(0, np.uint8)
    offsets = offsets_of(text)
    return np.frombuffer(letters, np.uint8)[offsets[0] : offsets[-1]]


def _strings(offsets: NDArray[np.int32], letters: NDArray[np.void | np.uint8]) -> pa.StringArray:
    return pa.StringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(letters)
    )
