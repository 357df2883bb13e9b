"""The bytes behind a column of text, as numpy reads them without a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


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
