"""Arrow batches in PostgreSQL's binary COPY format, column by column and without a row in Python.

Method: PostgreSQL's manual, COPY, "Binary Format"; a field is what its type's `recv` function
reads. Columns whose cells all have one width are laid out by numpy, the others joined in by Arrow.
Flow: typed batch -> bytes -> `ingestion.session`.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Part = tuple[str, NDArray[Any] | int]
    """A numpy type, and its value in each row or in all."""

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
SLICE_ROWS = 16_384
SLICE_BYTES = 4 << 20
NULL_LENGTH = -1
DAYS_TO_2000 = 10_957
MICROSECONDS_TO_2000 = DAYS_TO_2000 * 86_400 * 10**6
NEGATIVE = 0x4000
BASE, BASE_DIGITS = 10_000, 4
WORD_DIGITS = 18
"""Decimals of so many digits are in the lower of their two 64-bit words."""


def encode(batch: pa.RecordBatch) -> Iterator[memoryview]:
    """The rows of a batch as COPY takes them between `HEADER` and `TRAILER`.

    Args:
        batch: Columns of the types of `ingestion.decode.arrow_schema`.

    Yields:
        Whole rows, of about `SLICE_BYTES` at most.
    """
    fitting = SLICE_BYTES * batch.num_rows // max(1, batch.nbytes)
    step = max(1, min(SLICE_ROWS, fitting))
    for start in range(0, batch.num_rows, step):
        yield _rows(batch.slice(start, step))


def _rows(batch: pa.RecordBatch) -> memoryview:
    """A row is the number of its fields, then each field's length and bytes.

    Neighbours of fixed width are one piece; a column of varying width is a piece of its own.
    """
    pieces: list[pa.Array] = []
    pending: list[Part] = [(">i2", batch.num_columns)]
    for column in batch.columns:
        parts, varying = _field(column)
        pending += parts
        if varying is not None:
            pieces += [_binary(_record(pending, batch.num_rows)), varying]
            pending = []
    if not pieces:  # all of fixed width: the record is what the server reads
        return _record(pending, batch.num_rows).view(np.uint8).data
    if pending:
        pieces.append(_binary(_record(pending, batch.num_rows)))
    joined = pc.binary_join_element_wise(
        *pieces, pa.scalar(b"", pa.binary()), null_handling="replace", null_replacement=b""
    )
    offsets = _numbers(joined, np.int32, extra=1)
    return memoryview(joined.buffers()[2])[offsets[0] : offsets[-1]]


def _field(column: pa.Array) -> tuple[list[Part], pa.Array | None]:
    """Length and value of each cell; values of varying width apart."""
    if column.null_count == len(column):
        return [(">i4", NULL_LENGTH)], None
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type):
        return _text(column.view(pa.binary()))
    if isinstance(column.type, pa.JsonType):
        first_version = pa.scalar(b"\1", pa.binary())
        return _text(
            pc.binary_join_element_wise(
                first_version, column.storage.view(pa.binary()), pa.scalar(b"", pa.binary())
            )
        )
    parts = _fixed(column)
    width = np.dtype([(str(place), kind) for place, (kind, _) in enumerate(parts)]).itemsize
    if column.null_count == 0:
        return [(">i4", width), *parts], None
    is_valid = column.is_valid().to_numpy(zero_copy_only=False)
    lengths = np.where(is_valid, width, NULL_LENGTH)
    cells = _record(parts, len(column)).view(f"V{width}")[is_valid]
    return [(">i4", lengths)], _binary(cells, is_valid)


def _text(cells: pa.Array) -> tuple[list[Part], pa.Array | None]:
    offsets = _numbers(cells, np.int32, extra=1)
    lengths = np.diff(offsets)
    if cells.null_count:
        is_valid = cells.is_valid().to_numpy(zero_copy_only=False)
        return [(">i4", np.where(is_valid, lengths, NULL_LENGTH))], cells
    width = int(lengths[0])
    if (lengths != width).any():
        return [(">i4", lengths)], cells
    if width == 0:
        return [(">i4", 0)], None
    letters = np.frombuffer(cells.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return [(">i4", width), (f"V{width}", letters.view(f"V{width}"))], None


def _fixed(column: pa.Array) -> list[Part]:
    """The value of each cell, whatever it is where the cell is null."""
    kind = column.type
    if pa.types.is_decimal(kind):
        return _numeric(_units(column), kind.scale)
    if pa.types.is_boolean(kind):
        return [("u1", column.cast(pa.uint8()).fill_null(0).to_numpy())]
    if pa.types.is_date32(kind):
        return [(">i4", _numbers(column, np.int32) - DAYS_TO_2000)]
    if pa.types.is_timestamp(kind):
        return [(">i8", _numbers(column, np.int64) - MICROSECONDS_TO_2000)]
    if pa.types.is_int32(kind):
        return [(">i4", _numbers(column, np.int32))]
    if pa.types.is_int64(kind):
        return [(">i8", _numbers(column, np.int64))]
    raise TypeError(f"no binary COPY form is known for {kind}")


def _units(column: pa.Array) -> NDArray[Any]:
    """Decimals without their point: 64-bit integers, or Python's where they need more."""
    words = _numbers(column, np.dtype((np.int64, 2)))
    low, high = words[:, 0], words[:, 1]
    if column.type.precision <= WORD_DIGITS:
        return low
    wide: NDArray[Any] = high.astype(object) * 2**64 + low.view(np.uint64).astype(object)
    return wide


def _numeric(units: NDArray[Any], scale: int) -> list[Part]:
    """Count, weight, sign, scale, then digits of base 10,000 that meet at the point.

    All rows get as many as the longest needs: the server strips leading zeros. The scale is what
    the digits sent can hold, for the server cuts to it, and then rounds to the column's own.
    """
    behind = -(-scale // BASE_DIGITS)
    padding = 10 ** (behind * BASE_DIGITS - scale)
    is_negative = units < 0
    sign: NDArray[Any] | int = 0
    if is_negative.any():
        sign, units = np.where(is_negative, NEGATIVE, 0), np.abs(units)
    rest = units.view(np.uint64) if units.dtype == np.int64 else units
    digits: list[Part] = []
    for place in count():
        factor = padding if place == 0 else 1
        higher = rest // (BASE // factor)
        digits.append((">i2", (rest - higher * (BASE // factor)) * factor))
        rest = higher
        if place + 1 >= behind and not rest.any():
            break
    weight = len(digits) - behind - 1
    return [
        (">i2", len(digits)),
        (">i2", weight),
        (">u2", sign),
        (">u2", behind * BASE_DIGITS),
        *reversed(digits),
    ]


def _numbers(column: pa.Array, kind: Any, *, extra: int = 0) -> NDArray[Any]:
    """The second buffer of an Arrow array as numbers: its values, or its offsets."""
    every = np.frombuffer(column.buffers()[1], kind)
    return every[column.offset : column.offset + len(column) + extra]


def _record(parts: list[Part], rows: int) -> NDArray[Any]:
    """One piece of each row: the parts side by side, first what is the same in every row."""
    kind = np.dtype([(str(place), kind) for place, (kind, _) in enumerate(parts)])
    first = np.zeros(1, kind)
    for place, (_, values) in enumerate(parts):
        if isinstance(values, int):
            first[str(place)] = values
    record = np.repeat(first, rows)
    for place, (_, values) in enumerate(parts):
        if not isinstance(values, int):
            record[str(place)] = values
    return record


def _binary(record: NDArray[Any], is_there: NDArray[np.bool_] | None = None) -> pa.Array:
    """The pieces as an Arrow array; empty where a cell is not there."""
    width = record.dtype.itemsize
    if is_there is None:
        offsets = np.arange(len(record) + 1, dtype=np.int32) * width
    else:
        offsets = np.zeros(len(is_there) + 1, np.int32)
        np.cumsum(is_there, out=offsets[1:])
        offsets *= width
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(record)]
    return pa.Array.from_buffers(pa.binary(), len(offsets) - 1, buffers)
