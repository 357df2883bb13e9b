"""JSON to rows of text, by the paths of the contract; a number stays as it was written.

Flow: one record a line, or the list of a document -> `RawRows`.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ingestion.parts import Part, RawRows
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestion.archives import Opener

BATCH_RECORDS = 16_384  # wider than rows, and Python's strings until the batch is full


class _Number(float):
    """A JSON number with a point that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> _Number:
        """Read it; `json` calls this with the digits."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def json_rows(opener: Opener, part: Part) -> Iterator[RawRows]:
    """The records of a stream; lines that are none are the part's ragged ones."""
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
    listed = part.feeds[0].layout.records
    with closing(opener()) as stream:
        lines = (
            (_record(line) for line in stream)
            if listed is None
            else _listed(stream.read(), tuple(listed.split(".")), part.name)
        )
        for number, record in enumerate(lines, start=1):
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


def _listed(content: bytes, path: tuple[str, ...], where: str) -> Iterator[dict[str, Any] | None]:
    """The records of a document; None for one that is no object."""
    document: Any = _record(content)
    for step in path:
        document = document.get(step) if isinstance(document, dict) else None
    if not isinstance(document, list):
        raise ContractViolation(
            f"{where}: expected a JSON document with a list of records under {'.'.join(path)}."
            " Fetch it again, or ask the publisher."
        )
    return (record if isinstance(record, dict) else None for record in document)


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
