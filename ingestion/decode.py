"""Text to the contract's exact types: marks become statuses, and no digit is lost in silence.

Vectorised; a column is cast as a whole, and only a column that fails is searched for its bad cells.
Flow: batch of text columns -> typed Arrow batch + rejected cells -> `ingestion.load`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import LINEAGE, REPORTED
from ingestion.contradictions import contradictory
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingestion.contract import Column, TableContract
    from ingestion.layout import Layout
    from ingestion.parts import RawRows

LONGEST_VALUE = 200
ISO_DATE = "%Y-%m-%d"
LONGEST_INTEGER = 18
INTEGER = r"^[+-]?[0-9]{1,18}(\.0*)?$"
MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00:00(\.0+)?Z?$"
INT32_RANGE = (-(2**31), 2**31 - 1)
SPACE, CASE_BIT, LETTER_X, LAST_BYTE = 0x20, 0x20, 0x78, 0xFF
PLAIN_TYPES = {
    "text": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", "UTC"),
    "jsonb": pa.json_(),
}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A cell that keeps its row out; `value` is None where the column is personal."""

    row_number: int
    column: str | None
    reason: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A typed batch: which rows are right, and why the others are not.

    Attributes:
        every: All rows, columns as in the raw table.
        is_right: True where no cell keeps the row out.
        is_marked: True where a status of the row is not `reported`.
        rejected: The cells that keep rows out.
    """

    every: pa.RecordBatch
    is_right: pa.BooleanArray
    is_marked: pa.BooleanArray
    rejected: list[Rejected]

    @property
    def batch(self) -> pa.RecordBatch:
        """The rows that are right."""
        return self.every.filter(self.is_right) if self.rejected else self.every


@dataclass(slots=True)
class _Cells:
    """A decoded column: values, statuses where the contract has marks, and why which are bad.

    A bad cell is null in the values and true in one of the faults' masks; `is_marked` is true where
    a status is not `reported`.
    """

    values: pa.Array
    status: pa.Array | None = None
    is_marked: pa.Array | None = None
    faults: list[tuple[pa.Array, str]] = field(default_factory=list)


def arrow_schema(table: TableContract) -> pa.Schema:
    """The Arrow schema that matches the raw table."""
    return pa.schema([pa.field(column.name, arrow_type(column)) for column in table.columns])


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type whose COPY form PostgreSQL takes for the column without a cast."""
    plain = PLAIN_TYPES.get(column.data_type)
    return pa.decimal128(*column.precision_and_scale) if plain is None else plain


def decode(
    table: TableContract, layout: Layout, rows: RawRows, constants: dict[str, str], load_id: int
) -> Decoded:
    """Type a batch.

    Args:
        table: The table; rows that its `where` does not claim must be gone already.
        layout: The file's layout.
        rows: The batch.
        constants: Texts of the columns that come from the file's name.
        load_id: The load that the rows belong to.

    Returns:
        The rows, which of them are right, and the rejected cells.
    """
    count = len(rows.numbers)
    made: dict[str, pa.Array] = {
        "load_id": pa.repeat(pa.scalar(load_id, pa.int64()), count),
        "row_number": rows.numbers,
    }
    rejected: list[Rejected] = []
    is_bad = is_marked = pa.repeat(pa.scalar(value=False), count)
    for column in table.arriving:
        text = rows.columns.get(column.name)
        if column.name in constants:
            text = pa.repeat(constants[column.name], count)
        cells = _decode(column, text, layout, rows)
        made[column.name] = cells.values
        if cells.status is not None:
            made[f"{column.name}_status"] = cells.status
        if cells.is_marked is not None:
            is_marked = pc.or_(is_marked, cells.is_marked)
        for bad, reason in cells.faults:
            rejected += _rejections(column, bad, reason, text, rows.numbers)
            is_bad = pc.or_(is_bad, bad)
    schema = arrow_schema(table)
    batch = pa.RecordBatch.from_arrays(
        [_as_field(made[name], schema.field(name).type) for name in schema.names], schema=schema
    )
    for contradicts, reason in contradictory(table, batch):
        found = pc.and_not(contradicts, is_bad)
        rejected += [Rejected(one, None, reason) for one in rows.numbers.filter(found).to_pylist()]
        is_bad = pc.or_(is_bad, found)
    return Decoded(batch, pc.invert(is_bad), is_marked, rejected)


def _as_field(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if isinstance(kind, pa.JsonType):
        return pa.ExtensionArray.from_storage(kind, values)
    return values


def _decode(column: Column, text: pa.Array | None, layout: Layout, rows: RawRows) -> _Cells:
    count = len(rows.numbers)
    kind = pa.string() if column.data_type == "jsonb" else arrow_type(column)
    if text is None:
        state = "never_collected" if column.name in layout.absent else "missing"
        if column.meta.marks is None:
            return _Cells(pa.nulls(count, kind))
        everywhere = pa.repeat(pa.scalar(value=True), count)
        return _Cells(pa.nulls(count, kind), pa.repeat(state, count), everywhere)
    lowest = _letters(text).min(initial=LAST_BYTE)
    text = _plain(column, text, may_hold_blanks=lowest <= SPACE)
    blank = pc.is_null(text)
    told_by = None
    if column.meta.marked_by is not None:
        told_by = pc.ascii_trim_whitespace(rows.columns[column.meta.marked_by])
    text, status, is_marked = _take_marks(column, text, blank, told_by)
    faults: list[tuple[pa.Array, str]] = []
    if column.data_type == "jsonb" or lowest == 0:
        text = _without(text, _nul(column, text), "holds a NUL byte", faults)
    text = _spell(column, text)
    if (pattern := column.meta.pattern) is not None:
        misfit = pc.invert(pc.match_substring_regex(text, pattern))
        text = _without(text, misfit, f"does not look like {pattern}", faults)
    cells = _cast(column, text, kind)
    has_own_mark = column.meta.marks is not None and "" in column.meta.marks
    if told_by is not None:
        blank = pc.and_not(blank, is_marked)
    if column.meta.required and not has_own_mark and pc.any(blank).as_py():
        faults.append((blank, "is empty, but required"))
    return _Cells(cells.values, status, is_marked, faults + cells.faults)


def _without(
    text: pa.Array, bad: pa.Array, reason: str, faults: list[tuple[pa.Array, str]]
) -> pa.Array:
    """The text with its bad cells null; their neighbours go on."""
    if not pc.any(bad).as_py():
        return text
    bad = pc.fill_null(bad, fill_value=False)
    faults.append((bad, reason))
    return pc.if_else(bad, pa.scalar(None, pa.string()), text)


def _plain(column: Column, text: pa.Array, *, may_hold_blanks: bool) -> pa.Array:
    """Without blanks around; an empty cell is null, or what the contract lets it stand for."""
    if may_hold_blanks and column.data_type != "jsonb":
        text = pc.ascii_trim_whitespace(text)
    if column.meta.extract is not None:
        inside = pc.struct_field(pc.extract_regex(text, column.meta.extract), 0)
        text = pc.coalesce(inside, text)
    offsets = _offsets(text)
    if (offsets[1:] == offsets[:-1]).any():
        empty = pc.fill_null(pc.equal(text, ""), fill_value=False)
        text = pc.if_else(empty, pa.scalar(None, pa.string()), text)
    return text if column.meta.blank is None else pc.fill_null(text, column.meta.blank)


def _offsets(text: pa.Array) -> NDArray[np.int32]:
    """Where the cells begin and end in the column's bytes."""
    offsets: NDArray[np.int32] = np.frombuffer(text.buffers()[1], np.int32)
    return offsets[text.offset : text.offset + len(text) + 1]


def _letters(text: pa.Array) -> NDArray[np.uint8]:
    """The bytes of all cells: they tell at once what no cell needs."""
    letters = text.buffers()[2]
    if letters is None or len(text) == 0:
        return np.empty(0, np.uint8)
    offsets = _offsets(text)
    return np.frombuffer(letters, np.uint8)[offsets[0] : offsets[-1]]


def _take_marks(
    column: Column, text: pa.Array, blank: pa.Array, told_by: pa.Array | None
) -> tuple[pa.Array, pa.Array | None, pa.Array | None]:
    """The text without its marks, each cell's status, and where that is not `reported`.

    Where another column tells (`told_by`), what stands in the cell itself is no figure: QCEW prints
    a zero where it does not disclose.
    """
    marks = column.meta.marks
    if marks is None:
        return text, None, None
    words = [word for word in marks if word]
    place = pc.index_in(text if told_by is None else told_by, pa.array(words, pa.string()))
    is_marked = pc.is_valid(place)
    if place.null_count == len(place):
        status = pa.repeat(REPORTED, len(text))
    else:
        states = pa.array([marks[word] for word in words], pa.string())
        status = pc.coalesce(states.take(place), pa.scalar(REPORTED))
        text = pc.if_else(is_marked, pa.scalar(None, pa.string()), text)
    if told_by is not None:
        blank = pc.and_not(blank, is_marked)
    if pc.any(blank).as_py():
        status = pc.if_else(blank, marks.get("", "missing"), status)
        is_marked = pc.or_(is_marked, blank)
    return text, status, is_marked


def _nul(column: Column, text: pa.Array) -> pa.Array:
    return pc.match_substring(text, "\\u0000" if column.data_type == "jsonb" else "\0")


def _spell(column: Column, text: pa.Array) -> pa.Array:
    meta = column.meta
    if meta.upper_case:
        text = pc.utf8_upper(text)
    if meta.strip_zeros:
        text = pc.replace_substring_regex(text, r"^0+([^0].*|0)$", r"\1")
    if meta.pad is not None:
        text = pc.utf8_lpad(text, meta.pad, "0")
    return text


def _cast(column: Column, text: pa.Array, kind: pa.DataType) -> _Cells:
    if column.data_type in {"text", "jsonb"}:
        return _Cells(text)
    if column.data_type == "timestamptz":
        text = pc.replace_substring_regex(text, r"(\.[0-9]{6})[0-9]+", r"\1")
    # Arrow reads 0x10 as 16; nobody who publishes codes or counts means that.
    may_be_hexadecimal = (
        pa.types.is_integer(kind) and ((_letters(text) | CASE_BIT) == LETTER_X).any()
    )
    if column.meta.formats or may_be_hexadecimal:
        return _cast_cell_by_cell(column, text, kind)
    try:
        return _Cells(pc.cast(text, kind))
    except pa.ArrowInvalid:
        return _cast_cell_by_cell(column, text, kind)


def _cast_cell_by_cell(column: Column, text: pa.Array, kind: pa.DataType) -> _Cells:
    """Cast what can be cast; a cell that was text and has no value afterwards is bad."""
    if column.data_type == "date":
        values = _dates(column, text)
    elif column.data_type in {"integer", "bigint"}:
        values = _integers(_only_integers(text))
        if column.data_type == "integer":
            low, high = INT32_RANGE
            inside = pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))
            values = pc.cast(pc.if_else(inside, values, None), kind)
    elif column.precision_and_scale is not None:
        precision, scale = column.precision_and_scale
        whole = precision - scale
        pattern = rf"^[+-]?([0-9]{{1,{whole}}}(\.[0-9]{{0,{scale}}}0*)?|\.[0-9]{{1,{scale}}}0*)$"
        values = pc.cast(_only(text, pattern), kind)
    elif column.data_type == "boolean":
        values = pc.cast(_only(text, r"(?i)^(true|false|0|1)$"), kind)
    else:
        zoned = (
            r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{5,8}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:?[0-9]{2})$"
        )
        values = _castable(_only(text, zoned), kind)
    bad = pc.and_(pc.is_valid(text), pc.is_null(values))
    if not pc.any(bad).as_py():
        return _Cells(values)
    told = f"is not a {column.data_type}"
    if column.precision_and_scale is not None:
        told += " (or a digit would be lost)"
    return _Cells(values, faults=[(bad, told)])


def _only(text: pa.Array, pattern: str) -> pa.Array:
    """The cells that fit the pattern, the others null."""
    fits = pc.match_substring_regex(text, pattern)
    return pc.if_else(pc.fill_null(fits, fill_value=False), text, pa.scalar(None, pa.string()))


def _only_integers(text: pa.Array) -> pa.Array:
    """The same for whole numbers: most are digits alone, and only the others need the pattern."""
    is_plain = pc.and_(
        pc.ascii_is_decimal(text), pc.less_equal(pc.binary_length(text), LONGEST_INTEGER)
    )
    is_plain = pc.fill_null(is_plain, fill_value=True)
    others = text.filter(pc.invert(is_plain))
    return pc.replace_with_mask(text, pc.invert(is_plain), _only(others, INTEGER))


def _integers(text: pa.Array) -> pa.Array:
    try:
        return pc.cast(text, pa.int64())
    except pa.ArrowInvalid:  # a sign, or a point without digits behind it
        return pc.cast(pc.replace_substring_regex(text, r"^\+|\.0*$", ""), pa.int64())


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


def _rejections(
    column: Column, bad: pa.Array, reason: str, text: pa.Array | None, numbers: pa.Array
) -> list[Rejected]:
    places = pc.indices_nonzero(bad).to_pylist()
    is_shown = not column.meta.personal and text is not None
    return [
        Rejected(
            numbers[place].as_py(),
            column.name,
            reason,
            _shown(text[place].as_py()) if is_shown and text is not None else None,
        )
        for place in places
    ]


def _shown(value: str | None) -> str | None:
    return None if value is None else value.replace("\0", "\\0")[:LONGEST_VALUE]


def require_columns(table: TableContract) -> None:
    """Refuse a contract whose generated columns are not the loader's.

    Raises:
        ContractViolation: `p20w contract sync` was not run after a change.
    """
    names = {column.name for column in table.columns}
    wanted = set(LINEAGE) | {
        f"{column.name}_status" for column in table.arriving if column.meta.marks is not None
    }
    if missing := wanted - names:
        raise ContractViolation(
            f"Table {table.name}: generated columns {', '.join(sorted(missing))} are not in the"
            " contract: run `p20w contract sync`."
        )
