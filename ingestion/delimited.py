"""Delimited texts to rows of text: every cell as it is written, ragged rows known by number.

Flow: bytes -> encoding, header -> batches of text columns (pyarrow).
"""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from ingestion.headers import columns_found
from ingestion.parts import Part, RawRows
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingestion.archives import Opener

BLOCK_BYTES = 2 << 20


@dataclass(frozen=True, slots=True)
class _Text:
    """A delimited text: how to read it, which row is its header, how many cells its rows have."""

    opener: Opener
    encoding: str
    delimiter: str
    has_quotes: bool
    header_row: int
    width: int = 0


def prepare_csv(part: Part, opener: Opener, where: str, *, restricted: bool) -> None:
    """Find a text's encoding, header and columns, and how its rows are read.

    Raises:
        ContractViolation: Another encoding, header or columns than promised, or an open quote.
    """
    layout = part.feeds[0].layout
    encoding, quotes = _encoding(opener, layout.encoding, where)
    text = _Text(opener, encoding, layout.delimiter, quotes > 0, layout.highest_header)
    with _csv_errors_told(where):
        if quotes % 2:
            _refuse_open_quote(opener, encoding, layout.delimiter)
        head = [row for _, row in islice(_csv_rows(text), text.header_row)]
        found = columns_found(head, part.feeds, where, restricted=restricted)
        text = replace(
            text, header_row=found.header_row, width=found.width + layout.trailing_delimiter
        )
        is_empty = next(islice(_csv_rows(text), text.header_row, None), None) is None

    def batches() -> Iterator[RawRows]:
        part.ragged.clear()
        if not is_empty:
            with _csv_errors_told(where):
                yield from _csv_batches(part, text, found.positions)

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


def _csv_rows(text: _Text) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers: from 1, the header included, blank lines below it not counted."""
    with closing(text.opener()) as stream:
        lines = io.TextIOWrapper(stream, encoding=text.encoding, newline="")
        number = 0
        for row in csv.reader(lines, delimiter=text.delimiter):
            if row or number < text.header_row:
                number += 1
                yield number, row


def _csv_batches(part: Part, text: _Text, found: dict[str, int]) -> Iterator[RawRows]:
    names = [f"c{index}" for index in range(text.width)]

    def ragged(_: object) -> str:
        try:
            if not part.ragged:
                part.ragged += [
                    number - text.header_row
                    for number, row in _csv_rows(text)
                    if number > text.header_row and len(row) != text.width
                ]
        except csv.Error:
            return "error"  # Arrow would not pass it on
        return "skip"

    with closing(text.opener()) as stream:
        reader = arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                column_names=names,
                skip_rows=text.header_row,
                block_size=BLOCK_BYTES,
                encoding="utf8" if text.encoding == "utf-8-sig" else text.encoding,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=text.delimiter,
                newlines_in_values=text.has_quotes,
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
