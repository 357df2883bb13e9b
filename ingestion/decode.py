"""Text to the contract's exact types: marks become statuses, and no digit is lost in silence.

Vectorised; a column is cast as a whole, and only a column that fails is searched for its bad cells.
Flow: batch of text columns -> typed Arrow batch + rejected cells -> `ingestion.load`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import LINEAGE
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from ingestion.contract import Column, Layout, TableContract
    from ingestion.readers import RawRows

LONGEST_VALUE = 200
ISO_DATE = "%Y-%m-%d"
INTEGER = r"^[+-]?[0-9]{1,18}(\.0*)?$"
MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00:00(\.0+)?Z?$"
INT32_RANGE = (-(2**31), 2**31 - 1)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A cell that keeps its row out; `value` is None where the column is personal."""

    row_number: int
    column: str | None
    reason: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A typed batch of the rows that are right, and why the others are not."""

    batch: pa.RecordBatch
    rejected: list[Rejected]


@dataclass(slots=True)
class _Cells:
    """A decoded column: values, statuses where the contract has marks, and why which are bad.

    A bad cell is null in the values and true in one of the faults' masks.
    """

    values: pa.Array
    status: pa.Array | None = None
    faults: list[tuple[pa.Array, str]] = field(default_factory=list)


def arrow_schema(table: TableContract) -> pa.Schema:
    """The Arrow schema that matches the raw table."""
    return pa.schema([pa.field(column.name, arrow_type(column)) for column in table.columns])


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type whose COPY form PostgreSQL takes for the column without a cast."""
    digits = column.precision_and_scale
    if digits is not None:
        return pa.decimal128(*digits)
    return {
        "text": pa.string(),
        "integer": pa.int32(),
        "bigint": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamptz": pa.timestamp("us", "UTC"),
        "jsonb": pa.json_(),
    }[column.data_type]


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
        Rows that are right, columns as in the raw table, and the rejected cells.
    """
    count = len(rows.numbers)
    made: dict[str, pa.Array] = {
        "load_id": pa.repeat(pa.scalar(load_id, pa.int64()), count),
        "row_number": rows.numbers,
    }
    rejected: list[Rejected] = []
    bad_rows = None
    for column in table.arriving:
        text = rows.columns.get(column.name)
        if column.name in constants:
            text = pa.repeat(constants[column.name], count)
        cells = _decode(column, text, layout, rows)
        made[column.name] = cells.values
        if cells.status is not None:
            made[f"{column.name}_status"] = cells.status
        for bad, reason in cells.faults:
            rejected += _rejections(column, bad, reason, text, rows.numbers)
            bad_rows = bad if bad_rows is None else pc.or_(bad_rows, bad)
    schema = arrow_schema(table)
    batch = pa.RecordBatch.from_arrays(
        [_as_field(made[name], schema.field(name).type) for name in schema.names], schema=schema
    )
    return Decoded(batch if bad_rows is None else batch.filter(pc.invert(bad_rows)), rejected)


def claimed(table: TableContract, rows: RawRows) -> pa.Array:
    """Which rows of a file belong to the table, by its `where` (blank cells count as '')."""
    mask = pa.repeat(pa.scalar(value=True), len(rows.numbers))
    for name, values in table.meta.where.items():
        text = rows.columns[name]
        plain = pc.fill_null(pc.utf8_upper(pc.utf8_trim_whitespace(text)), "")
        mask = pc.and_(mask, pc.is_in(plain, pa.array(values, pa.string())))
    return mask


def _as_field(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if isinstance(kind, pa.JsonType):
        return pa.ExtensionArray.from_storage(kind, values)
    return values


def _decode(column: Column, text: pa.Array | None, layout: Layout, rows: RawRows) -> _Cells:
    count = len(rows.numbers)
    kind = pa.string() if column.data_type == "jsonb" else arrow_type(column)
    if text is None:
        state = "never_collected" if column.name in layout.absent else "missing"
        status = None if column.meta.marks is None else pa.repeat(state, count)
        return _Cells(pa.nulls(count, kind), status)
    text = _plain(column, text)
    blank = pc.is_null(text)
    text, status = _take_marks(column, text, blank)
    faults: list[tuple[pa.Array, str]] = []
    if rows.may_hold_nul:
        text = _without(text, _nul(column, text), "holds a NUL byte", faults)
    text = _spell(column, text)
    if (pattern := column.meta.pattern) is not None:
        misfit = pc.invert(pc.match_substring_regex(text, pattern))
        text = _without(text, misfit, f"does not look like {pattern}", faults)
    cells = _cast(column, text, kind, may_hold_hexadecimal=rows.may_hold_hexadecimal)
    has_own_mark = column.meta.marks is not None and "" in column.meta.marks
    if column.meta.required and not has_own_mark and pc.any(blank).as_py():
        faults.append((blank, "is empty, but required"))
    return _Cells(cells.values, status, faults + cells.faults)


def _without(
    text: pa.Array, bad: pa.Array, reason: str, faults: list[tuple[pa.Array, str]]
) -> pa.Array:
    """The text with its bad cells null; their neighbours go on."""
    if not pc.any(bad).as_py():
        return text
    bad = pc.fill_null(bad, fill_value=False)
    faults.append((bad, reason))
    return pc.if_else(bad, pa.scalar(None, pa.string()), text)


def _plain(column: Column, text: pa.Array) -> pa.Array:
    """Without blanks around; an empty cell is null, or what the contract lets it stand for."""
    if column.data_type != "jsonb":
        text = pc.ascii_trim_whitespace(text)
    empty = pc.equal(text, "")
    if pc.any(empty).as_py():
        text = pc.if_else(pc.fill_null(empty, fill_value=False), pa.scalar(None, pa.string()), text)
    return text if column.meta.blank is None else pc.fill_null(text, column.meta.blank)


def _take_marks(
    column: Column, text: pa.Array, blank: pa.Array
) -> tuple[pa.Array, pa.Array | None]:
    marks = column.meta.marks
    if marks is None:
        return text, None
    words = [word for word in marks if word]
    place = pc.index_in(text, pa.array(words, pa.string()))
    if place.null_count == len(place):
        status = pa.repeat("reported", len(text))
    else:
        states = pa.array([marks[word] for word in words], pa.string())
        status = pc.coalesce(states.take(place), pa.scalar("reported"))
        text = pc.if_else(pc.is_valid(place), pa.scalar(None, pa.string()), text)
    if pc.any(blank).as_py():
        status = pc.if_else(blank, marks.get("", "missing"), status)
    return text, status


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


def _cast(
    column: Column, text: pa.Array, kind: pa.DataType, *, may_hold_hexadecimal: bool
) -> _Cells:
    if column.data_type in {"text", "jsonb"}:
        return _Cells(text)
    if column.data_type == "timestamptz":
        text = pc.replace_substring_regex(text, r"(\.[0-9]{6})[0-9]+", r"\1")
    # Arrow reads 0x10 as 16; nobody who publishes codes or counts means that.
    if column.meta.formats or (may_hold_hexadecimal and pa.types.is_integer(kind)):
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
        digits = pc.replace_substring_regex(_only(text, INTEGER), r"^\+|\.0*$", "")
        values = pc.cast(digits, pa.int64())
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
    return _Cells(values, None, [(bad, told)])


def _only(text: pa.Array, pattern: str) -> pa.Array:
    """The cells that fit the pattern, the others null."""
    fits = pc.match_substring_regex(text, pattern)
    return pc.if_else(pc.fill_null(fits, fill_value=False), text, pa.scalar(None, pa.string()))


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
