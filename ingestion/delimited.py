"""Delimited texts to rows of text: every cell as it is written, ragged rows known by number.

A text without quotes is cut into blocks of whole rows. So is one from which few rows are taken:
blocks without any of them are passed over, and only the columns that decide are read at first.
Flow: bytes -> encoding, header -> batches of cells: by `cells` from plain blocks, else by pyarrow.
"""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from ingestion.cells import find_cells
from ingestion.headers import columns_found
from ingestion.parts import Part, RawRows
from ingestion.selection import wanted
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ingestion.archives import Opener
    from ingestion.layout import Layout
    from ingestion.letters import Spans, Written

BLOCK_BYTES = 4 << 20
FIRST_BLOCK_BYTES = 512 << 10
"""Each block is twice the one before, up to the largest: the server need not wait for the first."""

SMALL_BLOCK_BYTES = 2 << 20
"""Of a stream Arrow reads up to 32 blocks ahead; where few rows are taken, more is passed over."""

MOST_BYTES_IN_UTF8 = 3
"""Of a letter that is one byte in the file; a block must be one of Arrow's, recoded or not."""

UTF_8 = frozenset({"utf-8-sig", "ascii"})
ASCII_SUPERSETS = frozenset({"ascii", "utf-8", "iso8859-1", "cp1252"})
"""Encodings in which a byte of ten is the end of a line and nothing else."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A delimited text: how to read it, which row is its header, how many cells its rows have.

    `has_quotes` tells of the rows below the header, once that is known. `cuts` are places, in
    bytes, at which a row ends, the text's own end included.
    """

    opener: Opener
    encoding: str
    delimiter: str
    has_quotes: bool
    header_row: int
    cuts: tuple[int, ...]
    width: int = 0


def prepare_csv(part: Part, opener: Opener, where: str, *, restricted: bool) -> None:
    """Find a text's encoding, header and columns, and how its rows are read.

    Raises:
        ContractViolation: Another encoding, header or columns than promised, or an open quote.
    """
    layout = part.feeds[0].layout
    block_bytes = SMALL_BLOCK_BYTES if _takes_few_rows(part) else BLOCK_BYTES
    encoding, quotes, cuts = _encoding(opener, layout, block_bytes, where)
    text = _Text(opener, encoding, layout.delimiter, quotes > 0, layout.highest_header, cuts)
    with _csv_errors_told(where):
        if quotes % 2:
            _refuse_open_quote(opener, encoding, layout.delimiter)
        head = [row for _, row in islice(_csv_rows(text), text.header_row)]
        found = columns_found(head, part.feeds, where, restricted=restricted)
        text = replace(
            text,
            has_quotes=quotes > _quotes_above(opener, encoding, found.header_row),
            header_row=found.header_row,
            width=found.width + layout.trailing_delimiter,
        )
        is_empty = next(islice(_csv_rows(text), text.header_row, None), None) is None

    def batches() -> Iterator[RawRows]:
        part.ragged.clear()
        part.passed_over = 0
        if is_empty:
            return
        read = _block_batches if _can_be_cut(part, text) else _streamed_batches
        with _csv_errors_told(where):
            yield from read(part, text, found.positions)

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


def _quotes_above(opener: Opener, encoding: str, lines: int) -> int:
    """Quotes in a text's first lines: where only names are quoted, its rows hold none."""
    with closing(opener()) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        return sum(line.count('"') for line in islice(text, lines))


def _csv_rows(text: _Text) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers: from 1, the header included, blank lines below it not counted."""
    with closing(text.opener()) as stream:
        lines = io.TextIOWrapper(stream, encoding=text.encoding, newline="")
        number = 0
        for row in csv.reader(lines, delimiter=text.delimiter):
            if row or number < text.header_row:
                number += 1
                yield number, row


def _streamed_batches(part: Part, text: _Text, found: dict[str, int]) -> Iterator[RawRows]:
    with closing(text.opener()) as stream:
        reader = arrow_csv.open_csv(
            stream,
            read_options=_read_options(text, SMALL_BLOCK_BYTES, text.header_row),
            parse_options=_parse_options(part, text),
            convert_options=_convert_options(text, found),
        )
        first = 1
        for batch in reader:
            numbers, first = _numbers(first, batch.num_rows, part.ragged)
            columns = {name: batch.column(f"c{index}") for name, index in found.items()}
            yield RawRows(columns, numbers)


def _can_be_cut(part: Part, text: _Text) -> bool:
    """Whether it is known where rows end, often enough, and worth it.

    A text with quotes is cut only where that spares most of the reading: a quote within a cell
    would count for one that opens it.
    """
    longest = max((end - begun for begun, end in pairwise((0, *text.cuts))), default=0)
    return 0 < longest <= 2 * BLOCK_BYTES and (not text.has_quotes or _takes_few_rows(part))


def _takes_few_rows(part: Part) -> bool:
    return all(feed.layout.keep for feed in part.feeds)


def _block_batches(part: Part, text: _Text, found: dict[str, int]) -> Iterator[RawRows]:
    """Batches in which somebody wants a row; the others are counted in `part.passed_over`."""
    deciding = found
    if _takes_few_rows(part):
        deciding = {name: found[name] for feed in part.feeds for name in feed.layout.keep}
    first, skipped = 1, text.header_row
    for block in _blocks(text):
        rows = _rows_of(block, skipped, part, text)
        some = rows(deciding)
        if len(some.numbers):
            numbers, first = _numbers(first, len(some.numbers), part.ragged)
            if deciding is found:
                yield replace(some, numbers=numbers)
            elif _is_wanted(part, some):
                yield replace(rows(found), numbers=numbers)
            else:
                part.passed_over += len(numbers)
            part.last_row = first - 1
        skipped = 0


def _blocks(text: _Text) -> Iterator[bytes]:
    """The text in pieces that begin and end with a row."""
    is_utf_8 = text.encoding in UTF_8
    with closing(text.opener()) as stream:
        for begun, end in pairwise((0, *text.cuts)):
            block = stream.read(end - begun)
            # Arrow takes a mark of the byte order away from each block: here it is a cell's own.
            belongs_to_cell = begun and block.startswith(codecs.BOM_UTF8) and is_utf_8
            yield codecs.BOM_UTF8 + block if belongs_to_cell else block


def _rows_of(
    block: bytes, skipped: int, part: Part, text: _Text
) -> Callable[[dict[str, int]], RawRows]:
    """What takes some columns of a block's rows, not numbered yet."""
    if not text.has_quotes and (text.encoding in UTF_8 or block.isascii()):
        cells = find_cells(block, text.delimiter, text.width, skipped)
        if cells is not None:
            return partial(_rows_found, cells)
    return partial(_rows_read, block, skipped, part, text)


def _rows_found(cells: list[Spans], columns: dict[str, int]) -> RawRows:
    made: dict[str, Written] = {name: cells[index] for name, index in columns.items()}
    return RawRows(made, pa.nulls(len(cells[0]), pa.int64()))


def _rows_read(
    block: bytes, skipped: int, part: Part, text: _Text, columns: dict[str, int]
) -> RawRows:
    table = arrow_csv.read_csv(
        pa.BufferReader(block),
        read_options=_read_options(text, MOST_BYTES_IN_UTF8 * len(block) + 1, skipped),
        parse_options=_parse_options(part, text),
        convert_options=_convert_options(text, columns),
    ).combine_chunks()
    made: dict[str, Written] = {
        name: table.column(f"c{index}").chunk(0) if table.num_rows else pa.nulls(0, pa.string())
        for name, index in columns.items()
    }
    return RawRows(made, pa.nulls(table.num_rows, pa.int64()))


def _is_wanted(part: Part, rows: RawRows) -> bool:
    for feed in part.feeds:
        mask = wanted(feed.layout, rows)
        if mask is None or mask.true_count:
            return True
    return False


def _read_options(text: _Text, block_bytes: int, skipped: int) -> arrow_csv.ReadOptions:
    return arrow_csv.ReadOptions(
        column_names=_column_names(text),
        skip_rows=skipped,
        block_size=block_bytes,
        encoding="utf8" if text.encoding == "utf-8-sig" else text.encoding,
    )


def _parse_options(part: Part, text: _Text) -> arrow_csv.ParseOptions:
    return arrow_csv.ParseOptions(
        delimiter=text.delimiter,
        newlines_in_values=text.has_quotes,
        invalid_row_handler=_ragged_rows_noted(part, text),
    )


def _convert_options(text: _Text, found: dict[str, int]) -> arrow_csv.ConvertOptions:
    names = _column_names(text)
    return arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        include_columns=[names[index] for index in dict.fromkeys(found.values())],
        strings_can_be_null=False,
        check_utf8=False,  # `_encoding` has decoded the whole file
    )


def _column_names(text: _Text) -> list[str]:
    return [f"c{index}" for index in range(text.width)]


def _ragged_rows_noted(part: Part, text: _Text) -> Callable[[object], str]:
    def ragged(_: object) -> str:
        try:
            if not part.ragged:
                part.ragged[:] = [
                    number - text.header_row
                    for number, row in _csv_rows(text)
                    if number > text.header_row and len(row) != text.width
                ]
        except csv.Error:
            return "error"  # Arrow would not pass it on
        return "skip"

    return ragged


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


def _encoding(
    opener: Opener, layout: Layout, block_bytes: int, where: str
) -> tuple[str, int, tuple[int, ...]]:
    """The first encoding in which the whole file can be read, its quotes, and where rows end."""
    for name in layout.encoding:
        codec = "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name
        decoder = codecs.getincrementaldecoder(codec)("strict")
        quotes = read = lines = 0
        cuts: list[int] = []
        size = FIRST_BLOCK_BYTES
        try:
            with closing(opener()) as stream:
                while chunk := stream.read(FIRST_BLOCK_BYTES):  # what a processor's cache holds
                    end = chunk.rfind(b"\n") + 1
                    if lines < layout.highest_header:
                        lines += chunk.count(b"\n")
                    has_quotes = b'"' in chunk  # far quicker to find out than to count
                    quotes += chunk.count(b'"', 0, end) if has_quotes else 0
                    # A line that ends within a cell ends no row, and Arrow skips lines of the
                    # first block alone.
                    is_between_rows = quotes % 2 == 0 and lines >= layout.highest_header
                    if end and is_between_rows and read + len(chunk) - (cuts or [0])[-1] >= size:
                        cuts.append(read + end)
                        size = min(2 * size, block_bytes)
                    quotes += chunk.count(b'"', end) if has_quotes else 0
                    read += len(chunk)
                    if not chunk.isascii() or decoder.getstate()[0]:
                        decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        if not cuts or cuts[-1] < read:
            cuts.append(read)
        has_lines = codecs.lookup(name).name in ASCII_SUPERSETS
        return codec, quotes, tuple(cuts) if has_lines else ()
    raise ContractViolation(
        f"{where} is in none of the encodings promised: {', '.join(layout.encoding)}. Add the"
        " right one to the layout."
    )
