"""Text to the contract's exact types: marks become statuses, and no digit is lost in silence.

Flow: batch of text columns -> `casts` -> typed Arrow batch + rejected cells -> `ingestion.load`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.casts import cast, plain_values
from ingestion.contract import LINEAGE, NUMBERS, REPORTED, Status
from ingestion.contradictions import contradictory
from ingestion.letters import letters_of, offsets_of, spans_of, text_of
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingestion.contract import Column, TableContract
    from ingestion.layout import Layout
    from ingestion.letters import Written
    from ingestion.parts import RawRows

LONGEST_VALUE = 200
SPACE, LAST_BYTE = 0x20, 0xFF
STATUSES = get_args(Status)
AS_REPORTED = STATUSES.index(REPORTED)
NOWHERE = -1
DIGITS = re.compile(r"[0-9.]+$")
STATUS_TYPE = pa.dictionary(pa.int8(), pa.string())
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
    status: NDArray[np.int8] | None = None
    is_marked: pa.Array | None = None
    faults: list[tuple[pa.Array, str]] = field(default_factory=list)


def arrow_schema(table: TableContract) -> pa.Schema:
    """The Arrow schema that matches the raw table; its few statuses are a dictionary's."""
    return pa.schema(
        [
            pa.field(
                column.name,
                STATUS_TYPE if column.name in table.statuses else arrow_type(column),
            )
            for column in table.columns
        ]
    )


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
    marking = {column.meta.marked_by for column in table.arriving}
    marks_by_column = {
        name: pc.ascii_trim_whitespace(rows.text(name)) for name in rows.columns if name in marking
    }
    rejected: list[Rejected] = []
    is_bad = is_marked = pa.repeat(pa.scalar(value=False), count)
    for column in table.arriving:
        written = rows.columns.get(column.name)
        if column.name in constants:
            written = pa.repeat(constants[column.name], count)
        cells = _decode(column, written, layout, count, marks_by_column)
        made[column.name] = cells.values
        if cells.status is not None:
            made[f"{column.name}_status"] = _statuses(cells.status)
        if cells.is_marked is not None:
            is_marked = pc.or_(is_marked, cells.is_marked)
        for bad, reason in cells.faults:
            rejected += _rejections(column, bad, reason, written, rows.numbers)
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


def _decode(
    column: Column,
    cells: Written | None,
    layout: Layout,
    count: int,
    marks_by_column: dict[str, pa.StringArray],
) -> _Cells:
    kind = pa.string() if column.data_type == "jsonb" else arrow_type(column)
    if cells is None:
        return _absent(column, layout, count, kind)
    if not _is_plainly_written(column):
        told_by = None
        if column.meta.marked_by is not None:
            told_by = marks_by_column[column.meta.marked_by]
        return _decode_text(column, text_of(cells), told_by, kind)
    values, is_plain = plain_values(spans_of(cells), kind)
    if not is_plain.any():
        return _decode_text(column, text_of(cells), None, kind)
    others = pa.array(~is_plain)
    if others.true_count == 0:
        status = None if column.meta.marks is None else np.full(len(values), AS_REPORTED, np.int8)
        return _Cells(values, status)
    rest = _decode_text(column, text_of(cells.filter(others)), None, kind)
    return _among(values, others, rest)


def _is_plainly_written(column: Column) -> bool:
    """Whether a cell of digits alone is the number that it looks like, whatever the others are."""
    meta = column.meta
    is_more = meta.extract or meta.pattern or meta.marked_by
    is_number = column.data_type.startswith(NUMBERS)
    return is_number and not is_more and not any(map(DIGITS.match, meta.marks or ()))


def _among(values: pa.Array, others: pa.BooleanArray, rest: _Cells) -> _Cells:
    """A column of which some cells (`others`) were decoded apart."""
    places = others.to_numpy(zero_copy_only=False)

    def spread(mask: pa.BooleanArray) -> pa.BooleanArray:
        wide = np.zeros(len(places), np.bool_)
        wide[places] = mask
        return pa.array(wide)

    status = None
    if rest.status is not None:
        status = np.full(len(places), AS_REPORTED, np.int8)
        status[places] = rest.status
    return _Cells(
        pc.replace_with_mask(values, others, rest.values),
        status,
        None if rest.is_marked is None else spread(rest.is_marked),
        [(spread(bad), reason) for bad, reason in rest.faults],
    )


def _decode_text(
    column: Column, text: pa.StringArray, told_by: pa.StringArray | None, kind: pa.DataType
) -> _Cells:
    """Decode cells as their contract says; `told_by` has their marks where not they have them."""
    lowest = letters_of(text).min(initial=LAST_BYTE)
    text = _plain(column, text, may_hold_blanks=lowest <= SPACE)
    blank = pc.is_null(text)
    text, status, is_marked = _take_marks(column, text, blank, told_by)
    faults: list[tuple[pa.Array, str]] = []
    if column.data_type == "jsonb" or lowest == 0:
        text = _without(text, _nul(column, text), "holds a NUL byte", faults)
    text = _spell(column, text)
    if (pattern := column.meta.pattern) is not None:
        misfit = pc.invert(pc.match_substring_regex(text, pattern))
        text = _without(text, misfit, f"does not look like {pattern}", faults)
    has_own_mark = column.meta.marks is not None and "" in column.meta.marks
    if told_by is not None:
        blank = pc.and_not(blank, is_marked)
    if column.meta.required and not has_own_mark and blank.true_count:
        faults.append((blank, "is empty, but required"))
    values, bad = (text, None) if kind == pa.string() else cast(column, text, kind)
    if bad is not None:
        faults.append((bad, _no_such_value(column)))
    return _Cells(values, status, is_marked, faults)


def _absent(column: Column, layout: Layout, count: int, kind: pa.DataType) -> _Cells:
    """A column that the file does not have."""
    if column.meta.marks is None:
        return _Cells(pa.nulls(count, kind))
    state = "never_collected" if column.name in layout.absent else "missing"
    codes = np.full(count, STATUSES.index(state), np.int8)
    return _Cells(pa.nulls(count, kind), codes, pa.repeat(pa.scalar(value=True), count))


def _no_such_value(column: Column) -> str:
    told = f"is not a {column.data_type}"
    return told if column.precision_and_scale is None else f"{told} (or a digit would be lost)"


def _without(
    text: pa.Array, bad: pa.Array, reason: str, faults: list[tuple[pa.Array, str]]
) -> pa.Array:
    """The text with its bad cells null; their neighbours go on."""
    if not bad.true_count:
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
    offsets = offsets_of(text)
    if (offsets[1:] == offsets[:-1]).any():
        empty = pc.fill_null(pc.equal(text, ""), fill_value=False)
        text = pc.if_else(empty, pa.scalar(None, pa.string()), text)
    return text if column.meta.blank is None else pc.fill_null(text, column.meta.blank)


def _take_marks(
    column: Column, text: pa.Array, blank: pa.Array, told_by: pa.Array | None
) -> tuple[pa.Array, NDArray[np.int8] | None, pa.Array | None]:
    """The text without its marks, each cell's status, and where that is not `reported`.

    Where another column tells (`told_by`), what stands in the cell itself is no figure: QCEW prints
    a zero where it does not disclose.
    """
    marks = column.meta.marks
    if marks is None:
        return text, None, None
    words = [word for word in marks if word]
    places = _places(text if told_by is None else told_by, words)
    states = np.array([STATUSES.index(marks[word]) for word in words] + [AS_REPORTED], np.int8)
    status = states[places]
    is_marked = pa.array(places != NOWHERE)
    if is_marked.true_count:
        text = pc.if_else(is_marked, pa.scalar(None, pa.string()), text)
    if told_by is not None:
        blank = pc.and_not(blank, is_marked)
    if blank.true_count:
        status[blank.to_numpy(zero_copy_only=False)] = STATUSES.index(marks.get("", "missing"))
        is_marked = pc.or_(is_marked, blank)
    return text, status, is_marked


def _places(text: pa.Array, words: list[str]) -> NDArray[np.int32]:
    """Which of the words each cell is, or `NOWHERE`; only cells as long as a word are compared."""
    places = np.full(len(text), NOWHERE, np.int32)
    lengths = np.diff(offsets_of(text))
    is_candidate = np.zeros(len(text), np.bool_)
    for length in {len(word.encode()) for word in words}:
        is_candidate |= lengths == length
    if is_candidate.any():
        found = pc.index_in(text.filter(pa.array(is_candidate)), pa.array(words, pa.string()))
        places[is_candidate] = pc.fill_null(found, NOWHERE)
    return places


def _statuses(codes: NDArray[np.int8]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(STATUSES))


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


def _rejections(
    column: Column, bad: pa.Array, reason: str, written: Written | None, numbers: pa.Array
) -> list[Rejected]:
    numbers = numbers.filter(bad)
    shown: list[str | None] = [None] * len(numbers)
    if not column.meta.personal and written is not None:
        shown = [_shown(cell) for cell in text_of(written.filter(bad)).to_pylist()]
    return [
        Rejected(number, column.name, reason, cell)
        for number, cell in zip(numbers.to_pylist(), shown, strict=True)
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
