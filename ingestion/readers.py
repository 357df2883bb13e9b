"""Files to rows of text: CSV, Excel and JSON lines, plain, gzipped or in a zip.

Every cell is read as text, so that no leading zero and no digit is lost before the contract speaks;
memory is bounded by the batch (an Excel sheet is read whole: it has at most a million rows).
Flow: landed file -> `Part`s -> batches of text columns with row numbers -> `ingestion.decode`.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ingestion.archives import Opener, unpacked
from ingestion.headers import Claim, claims, positions
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from ingestion.contract import Contract, Layout
    from ingestion.landing import LandedFile

BATCH_ROWS = 65_536
BATCH_RECORDS = 16_384  # of JSON: wider than rows, and Python's strings until the batch is full
BLOCK_BYTES = 2 << 20
BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(slots=True)
class RawRows:
    """A batch: text columns by contract name, and each row's number in the file (from 1)."""

    columns: dict[str, pa.Array]
    numbers: pa.Array


@dataclass(slots=True)
class Part:
    """One table-like thing in a file: a CSV, a sheet, a member of a zip.

    `open` reads it once more each time; `ragged` then holds the numbers of rows that had too few
    or too many cells (or were not JSON), as far as it was read.
    """

    name: str
    feeds: tuple[Claim, ...]
    open: Callable[[], Iterator[RawRows]]
    ragged: list[int] = field(default_factory=list)


@contextmanager
def read_file(landed: LandedFile, contract: Contract) -> Iterator[list[Part]]:
    """Open a landed file under its contract: pure, no network.

    Raises:
        ContractViolation: Not the format, columns or encoding promised, or broken.
    """
    feeds = claims(landed.name, contract, synthetic=landed.is_synthetic)
    with landed.local() as path, tempfile.TemporaryDirectory(prefix="p20w-read-") as folder:
        try:
            yield [
                _part(landed.name, name, opener, feeds, contract)
                for name, opener in _members(landed.name, path, feeds, Path(folder))
            ]
        except BROKEN as error:
            raise ContractViolation(
                f"{landed.name} is broken: {type(error).__name__}. Fetch it again."
            ) from error


def _members(
    name: str, path: Path, feeds: Sequence[Claim], folder: Path
) -> list[tuple[str, Opener]]:
    if name.lower().endswith(".zip"):
        return unpacked(name, path, feeds[0].layout.member, folder)
    if name.lower().endswith(".gz"):
        return [(name, lambda: gzip.open(path, "rb"))]  # type: ignore[list-item, return-value]
    return [(name, lambda: path.open("rb"))]


def _part(
    file_name: str, name: str, opener: Opener, feeds: Sequence[Claim], contract: Contract
) -> Part:
    part = Part(name, tuple(feeds), lambda: iter(()))
    where = name if name == file_name else f"{file_name}, member {name}"
    kind = feeds[0].layout.format
    if kind == "json":
        part.open = lambda: _json_rows(opener, part)
    elif kind == "csv":
        _prepare_csv(part, opener, where, restricted=contract.is_restricted)
    else:
        _prepare_sheet(part, opener, where, restricted=contract.is_restricted)
    return part


def _prepare_csv(part: Part, opener: Opener, where: str, *, restricted: bool) -> None:
    layout = part.feeds[0].layout
    encoding, quotes = _encoding(opener, layout.encoding, where)
    rows = _csv_rows(opener, encoding, layout)
    with _csv_errors_told(where):
        if quotes % 2:
            _refuse_open_quote(opener, encoding, layout.delimiter)
        header = next((row for number, row in rows if number == layout.header_row), None)
        is_empty = next(rows, None) is None
    if header is None:
        raise ContractViolation(f"{where} has no header in row {layout.header_row}: it is empty.")
    found = positions(header, part.feeds, where, restricted=restricted)
    width = len(header)

    def batches() -> Iterator[RawRows]:
        part.ragged.clear()
        if is_empty:
            return
        with _csv_errors_told(where):
            yield from _csv_batches(part, opener, encoding, found, width, quotes > 0)

    part.open = batches


@contextmanager
def _csv_errors_told(where: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowInvalid, csv.Error):  # Arrow's message shows the row
        raise ContractViolation(
            f"{where} cannot be read as CSV: a quote that never closes? Ask the publisher."
        ) from None


def _refuse_open_quote(opener: Opener, encoding: str, delimiter: str) -> None:
    """Both readers would take all rows below a quote that never closes for one cell, in silence."""
    with closing(opener()) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        last: list[str] = []
        for row in csv.reader(chain(text, ["end"]), delimiter=delimiter):
            last = row
    if last != ["end"]:
        raise csv.Error


def _csv_rows(opener: Opener, encoding: str, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers: from 1, the header included, blank lines below it not counted."""
    with closing(opener()) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        number = 0
        for row in csv.reader(text, delimiter=layout.delimiter):
            if row or number < layout.header_row:
                number += 1
                yield number, row


def _csv_batches(
    part: Part,
    opener: Opener,
    encoding: str,
    found: dict[str, int],
    width: int,
    has_quotes: bool,  # noqa: FBT001 - a private step of _prepare_csv
) -> Iterator[RawRows]:
    layout = part.feeds[0].layout
    names = [f"c{index}" for index in range(width)]

    def ragged(_: object) -> str:
        try:
            if not part.ragged:
                part.ragged += [
                    number - layout.header_row
                    for number, row in _csv_rows(opener, encoding, layout)
                    if number > layout.header_row and len(row) != width
                ]
        except csv.Error:
            return "error"  # Arrow would not pass it on
        return "skip"

    with closing(opener()) as stream:
        reader = arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                column_names=names,
                skip_rows=layout.header_row,
                block_size=BLOCK_BYTES,
                encoding="utf8" if encoding == "utf-8-sig" else encoding,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=has_quotes,
                invalid_row_handler=ragged,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[names[index] for index in found.values()],
                strings_can_be_null=False,
                check_utf8=False,  # `_encoding` has decoded the whole file
            ),
        )
        first = 1
        for batch in reader:
            numbers, first = _numbers(first, batch.num_rows, part.ragged)
            columns = {name: batch.column(f"c{index}") for name, index in found.items()}
            yield RawRows(columns, numbers)


def _numbers(first: int, count: int, ragged: Sequence[int]) -> tuple[pa.Array, int]:
    """Numbers of `count` rows from `first` on, stepping over ragged ones; and the next number."""
    reach = count
    while True:
        inside = [number for number in ragged if first <= number < first + reach]
        if reach == count + len(inside):
            break
        reach = count + len(inside)
    numbers = np.arange(first, first + reach, dtype=np.int64)
    if inside:
        numbers = np.setdiff1d(numbers, np.asarray(inside, dtype=np.int64))
    return pa.array(numbers), first + reach


def _encoding(opener: Opener, accepted: Sequence[str], where: str) -> tuple[str, int]:
    """The first encoding in which the whole file can be read, and how many quotes it holds."""
    for name in accepted:
        codec = "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name
        decoder = codecs.getincrementaldecoder(codec)("strict")
        quotes = 0
        try:
            with closing(opener()) as stream:
                while chunk := stream.read(BLOCK_BYTES):
                    quotes += chunk.count(b'"')
                    if not chunk.isascii() or decoder.getstate()[0]:
                        decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return codec, quotes
    raise ContractViolation(
        f"{where} is in none of the encodings promised: {', '.join(accepted)}. Add the right one"
        " to the layout."
    )


def _prepare_sheet(part: Part, opener: Opener, where: str, *, restricted: bool) -> None:
    table = _sheet(opener, part.feeds[0].layout.sheet or ".", where)
    header_row = part.feeds[0].layout.header_row
    if table.num_rows < header_row:
        raise ContractViolation(f"{where}: the sheet has no header in row {header_row}.")
    header = [column[header_row - 1].as_py() or "" for column in table.columns]
    found = positions(header, part.feeds, where, restricted=restricted)
    body = table.slice(header_row)

    def batches() -> Iterator[RawRows]:
        for start in range(0, body.num_rows, BATCH_ROWS):
            piece = body.slice(start, BATCH_ROWS)
            numbers = pa.array(np.arange(start + 1, start + 1 + piece.num_rows, dtype=np.int64))
            columns = {name: piece.column(index) for name, index in found.items()}
            yield _without_blank_rows(RawRows(columns, numbers))

    part.open = batches


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
    for column in rows.columns.values():
        blank = pc.is_null(column)
        is_blank = blank if is_blank is None else pc.and_(is_blank, blank)
    if is_blank is None or not pc.any(is_blank).as_py():
        return rows
    keep = pc.invert(is_blank)
    columns = {name: column.filter(keep) for name, column in rows.columns.items()}
    return replace(rows, columns=columns, numbers=rows.numbers.filter(keep))


class _Number(float):
    """A JSON number with a point that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> _Number:
        """Read it; `json` calls this with the digits."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def _json_rows(opener: Opener, part: Part) -> Iterator[RawRows]:
    part.ragged.clear()
    paths = {
        column.name: tuple(column.meta.path.split("."))
        for feed in part.feeds
        for column in feed.table.arriving
        if column.meta.path is not None
    }
    documents = {
        column.name
        for feed in part.feeds
        for column in feed.table.arriving
        if column.data_type == "jsonb"
    }
    cells: dict[str, list[str | None]] = {name: [] for name in paths}
    numbers: list[int] = []
    with closing(opener()) as stream:
        for number, line in enumerate(stream, start=1):
            record = _record(line)
            if record is None:
                part.ragged.append(number)
                continue
            for name, path in paths.items():
                cells[name].append(_cell(record, path, as_document=name in documents))
            numbers.append(number)
            if len(numbers) == BATCH_RECORDS:
                yield _json_batch(cells, numbers)
                cells, numbers = {name: [] for name in paths}, []
    if numbers:
        yield _json_batch(cells, numbers)


def _record(line: bytes) -> dict[str, Any] | None:
    """A line as an object; None where it is not one, or holds what no text can hold."""
    try:
        record = json.loads(line, parse_float=_Number)
        if b"\\ud" in line.lower():
            json.dumps(record, ensure_ascii=False).encode()
    except (ValueError, UnicodeError):
        return None
    return record if isinstance(record, dict) else None


def _cell(record: dict[str, Any], path: tuple[str, ...], *, as_document: bool) -> str | None:
    value: Any = record
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            return None
    if as_document:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Number):
        return value.text
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def _json_batch(cells: dict[str, list[str | None]], numbers: list[int]) -> RawRows:
    columns = {name: pa.array(values, pa.string()) for name, values in cells.items()}
    return RawRows(columns, pa.array(numbers, pa.int64()))
