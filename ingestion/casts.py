"""Text to numbers, dates and truth values: exactly, or the cell is told to be bad.

Vectorised: plain numbers by `digits`, the other numbers by pattern and Arrow's casts, so that each
is judged alone; columns of another type as a whole, by pattern only where Arrow's cast fails.
Flow: text column without marks -> typed column + which cells are bad -> `ingestion.decode`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.digits import plain_numbers
from ingestion.letters import spans_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingestion.contract import Column
    from ingestion.letters import Spans

ISO_DATE = "%Y-%m-%d"
INTEGER = r"^[+-]?0*[0-9]{1,19}(\.0*)?$"
ANY_INT64 = pa.decimal128(19, 0)
MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00:00(\.0+)?Z?$"


def cast(column: Column, text: pa.Array, kind: pa.DataType) -> tuple[pa.Array, pa.Array | None]:
    """Type the cells of a column.

    Args:
        column: The column, of any type but text and documents.
        text: Its cells, without blanks around and marks.
        kind: Arrow's type for it.

    Returns:
        The values, and where a cell is no such value (null there); None where all are right.
    """
    if text.null_count == len(text):
        return pa.nulls(len(text), kind), None
    if not pa.types.is_integer(kind) and not pa.types.is_decimal(kind):
        values = _cast_all(column, text, kind)
    else:
        values, is_plain = plain_values(spans_of(text), kind)
        others = ~is_plain
        if text.null_count:
            others &= text.is_valid().to_numpy(zero_copy_only=False)
        if others.any():
            mask = pa.array(others)
            rest = text.filter(mask)
            cast_rest = _decimals if pa.types.is_decimal(kind) else _integers
            values = pc.replace_with_mask(values, mask, cast_rest(rest, kind))
    if values.null_count == text.null_count:
        return values, None
    return values, pc.and_(pc.is_valid(text), pc.is_null(values))


def plain_values(cells: Spans, kind: pa.DataType) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Type the cells that are plain numbers and fit.

    Args:
        cells: The cells as they are written.
        kind: Arrow's type of integers or decimals.

    Returns:
        The values, null where a cell is another, and where it is none.
    """
    if pa.types.is_decimal(kind):
        units, is_plain = plain_numbers(cells, kind.scale)
        if (limit := 10**kind.precision) <= np.iinfo(np.int64).max:
            is_plain &= units < limit
        units[~is_plain] = 0  # what is sent has as many digits as the longest
        data = np.zeros((len(units), 2), np.int64)  # the lower of two words comes first
        data[:, 0] = units
    else:
        units, is_plain = plain_numbers(cells, 0)
        is_plain &= units <= np.iinfo(kind.to_pandas_dtype()).max
        data = units.astype(kind.to_pandas_dtype())
    validity = None if is_plain.all() else pa.array(is_plain).buffers()[1]
    values = pa.Array.from_buffers(kind, len(cells), [validity, pa.py_buffer(data)])
    return values, is_plain


def _cast_all(column: Column, text: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cast the column as a whole; only one that fails is searched for its bad cells."""
    if column.data_type == "timestamptz":
        text = pc.replace_substring_regex(text, r"(\.[0-9]{6})[0-9]+", r"\1")
    if column.meta.formats:
        return _cast_cell_by_cell(column, text, kind)
    try:
        return pc.cast(text, kind)
    except pa.ArrowInvalid:
        return _cast_cell_by_cell(column, text, kind)


def _cast_cell_by_cell(column: Column, text: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cast what can be cast; the other cells are null."""
    if column.data_type == "date":
        return _dates(column, text)
    if column.data_type == "boolean":
        return pc.cast(_only(text, r"(?i)^(true|false|0|1)$"), kind)
    zoned = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{5,8}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:?[0-9]{2})$"
    return _castable(_only(text, zoned), kind)


def _only(text: pa.Array, pattern: str) -> pa.Array:
    """The cells that fit the pattern, the others null."""
    fits = pc.match_substring_regex(text, pattern)
    return pc.if_else(pc.fill_null(fits, fill_value=False), text, pa.scalar(None, pa.string()))


def _integers(text: pa.Array, kind: pa.DataType) -> pa.Array:
    """Whole numbers with a sign or nothing behind their point, as far as they fit the type."""
    digits = pc.replace_substring_regex(_only(text, INTEGER), r"^\+|\.0*$", "")
    values = pc.cast(digits, ANY_INT64)
    range_of_kind = np.iinfo(kind.to_pandas_dtype())
    lowest, highest = (
        pa.scalar(int(end)).cast(ANY_INT64) for end in (range_of_kind.min, range_of_kind.max)
    )
    fits = pc.and_(pc.greater_equal(values, lowest), pc.less_equal(values, highest))
    return pc.cast(pc.if_else(fits, values, None), kind)


def _decimals(text: pa.Array, kind: pa.DataType) -> pa.Array:
    """Decimals of which no digit would be lost."""
    whole = kind.precision - kind.scale
    before = rf"0*[0-9]{{1,{whole}}}" if whole else "0+"
    pattern = rf"{before}(\.[0-9]{{0,{kind.scale}}}0*)?"
    if kind.scale:
        pattern += rf"|\.[0-9]{{1,{kind.scale}}}0*"
    return pc.cast(_only(text, rf"^[+-]?({pattern})$"), kind)


def _castable(text: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cast cell by cell: for the few forms that a pattern cannot vouch for."""
    values = []
    for cell in text:
        try:
            values.append(pc.cast(cell, kind).as_py())
        except pa.ArrowInvalid:
            values.append(None)
    return pa.array(values, kind)


def _dates(column: Column, text: pa.Array) -> pa.Array:
    text = pc.replace_substring_regex(text, MIDNIGHT, r"\1")
    found = pa.nulls(len(text), pa.date32())
    for form in column.meta.formats or (ISO_DATE,):
        moment = pc.strptime(text, format=form, unit="s", error_is_null=True)
        written = pc.strftime(moment, format=form)
        if "%b" in form.lower():  # beside a word no zero is written: April 5, 2024
            written = pc.replace_substring_regex(written, r"\b0([0-9])", r"\1")
        # `strptime` takes February 30 for March 1: what it understood must read as it was written.
        exact = pc.if_else(pc.equal(written, text), moment, None)
        found = pc.coalesce(found, pc.cast(exact, pa.date32()))
    return found
