"""The inbox scan: restricted files are looked through before they may be landed.

Social security numbers and columns that nobody may send are refused, and the value is never shown.
What a file is made of is asked of the file: a tab-delimited one may be called `.csv`.
Flow: temporary or dropped file -> nothing, or `ContractViolation` -> `ingestion.landing`.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO, cast

import fastexcel
import numpy as np

from ingestion.archives import open_member
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from ingestion.contract import Contract

    Opener = Callable[[], BinaryIO]

CHUNK = 4 << 20
OVERLAP = 64
DASH, ZERO, NINE = b"-09"
LABELS = (b"ssn", b"social")
DASHED = re.compile(
    rb"(?<![0-9-])(?!000|666|9[0-9]{2})[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])"
)
LABELLED = re.compile(
    rb"#(?:SSN|Social Security[^\"]{0,20})\""
    rb"|\"(?:ssn|socialSecurityNumber|social_security_number)\"",
    re.IGNORECASE,
)
FORBIDDEN_COLUMN = re.compile(
    r"ssn|ssnum|socialsecurity(number|no|num)?|taxpayerid|itin|passport(number|no)?"
    r"|bankaccount(number)?|creditcard(number)?",
)
NINE_DIGITS = re.compile(
    r"(?<![^\s,;|\"'])(?!000|666|9\d\d)\d{3}(?!00)\d{2}(?!0000)\d{4}(?![^\s,;|\"'])"
)
DELIMITERS = "\t;|,"
WORKBOOKS = (".xlsx", ".xlsm", ".xls")
PACKED = (".zip", ".gz")
NOT_TABLES = (".json", ".ndjson", ".jsonl", ".xml", ".html", ".pdf")
UNREADABLE = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    csv.Error,
    fastexcel.FastExcelError,
)
NEXT = "Ask the sender for a file without it, delete this one, and tell the data steward."


def scan_restricted(path: Path, name: str, contract: Contract) -> None:
    """Refuse a file that holds what it must not.

    Looked for: numbers written like social security numbers anywhere; nine-digit numbers in columns
    that the contract does not take; columns and labels that say what they are.

    Raises:
        ContractViolation: Found, with file and kind of finding, never the value.
    """
    try:
        for where, kind, opened in _files(path, name):
            if kind.endswith(WORKBOOKS):
                _scan_workbook(opened, where, contract)
                continue
            with opened() as stream:
                _scan_bytes(stream, where)
            if not kind.endswith(NOT_TABLES):
                with _text(opened()) as lines:
                    _scan_rows(_delimited(lines, contract), where, contract)
    except UNREADABLE as error:
        raise ContractViolation(
            f"{name} cannot be opened ({type(error).__name__}), so it cannot be looked through."
        ) from error


def _files(path: Path, name: str) -> Iterator[tuple[str, str, Opener]]:
    """What is inside: for messages, by its name in lower case, and how to open it."""
    kind = name.lower()
    if kind.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for where, member, opened in _members(archive, name):
                if member.endswith(PACKED):
                    raise ContractViolation(
                        f"{where} is packed twice, so it cannot be looked through: it was not"
                        " landed. Ask the sender for plain files."
                    )
                yield where, member, opened
    elif kind.endswith(".gz"):
        yield name, kind.removesuffix(".gz"), _opener(partial(gzip.open, path, "rb"))
    else:
        yield name, kind, _opener(partial(path.open, "rb"))


def _members(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str, Opener]]:
    for info in archive.infolist():
        if not info.is_dir():
            opened = _opener(partial(open_member, archive, info, name))
            yield f"{name}, member {info.filename}", info.filename.lower(), opened


def _opener(opening: object) -> Opener:
    """All three ways to open yield bytes; their types do not say so."""
    return cast("Opener", opening)


def _scan_bytes(stream: BinaryIO, where: str) -> None:
    kept = b""
    while chunk := stream.read(CHUNK):
        text = kept + chunk.replace(b"\0", b"")
        told = None
        if _may_be_dashed(text) and DASHED.search(text):
            told = "a number written like a social security number"
        elif any(word in text.lower() for word in LABELS) and LABELLED.search(text):
            told = "something labelled as a social security number"
        if told is not None:
            raise ContractViolation(f"{where} holds {told}: it was not landed. {NEXT}")
        kept = text[-OVERLAP:]


def _may_be_dashed(text: bytes) -> bool:
    """Whether two dashes stand around two signs after fewer than four digits: not so in dates."""
    signs = np.frombuffer(b"    " + text + b"    ", np.uint8)
    first = np.flatnonzero((signs[4:-4] == DASH) & (signs[7:-1] == DASH)) + 4
    is_digit = (signs[first - 4] >= ZERO) & (signs[first - 4] <= NINE)
    return bool((~is_digit).any())


def _scan_workbook(opened: Opener, where: str, contract: Contract) -> None:
    with opened() as stream:
        content = stream.read()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inside, _, member in _members(archive, where):
                with member() as stream:
                    _scan_bytes(stream, inside)
    book = fastexcel.read_excel(content)
    for sheet in book.sheet_names:
        table = book.load_sheet(sheet, header_row=None, dtypes="string").to_arrow()
        columns = (["" if cell is None else cell for cell in one.to_pylist()] for one in table)
        _scan_rows(zip(*columns, strict=True), f"{where}, sheet {sheet}", contract)


def _text(stream: BinaryIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")


def _delimited(text: Iterable[str], contract: Contract) -> Iterator[list[str]]:
    """Rows of a text, split by the sign that makes most of its first lines."""
    lines = (line.replace("\0", "") for line in text)  # every other sign of UTF-16
    layouts = [one for table in contract.tables for one in table.meta.layouts]
    first = list(islice(lines, max(one.highest_header for one in layouts)))
    taken = _taken(contract)

    def told(delimiter: str) -> tuple[int, int]:
        cells = [cell for row in csv.reader(first, delimiter=delimiter) for cell in row]
        return sum(_letters(cell) in taken for cell in cells), len(cells)

    delimiter = max(dict.fromkeys([*DELIMITERS, *(one.delimiter for one in layouts)]), key=told)
    return csv.reader(chain(first, lines), delimiter=delimiter)


def _scan_rows(rows: Iterable[Sequence[str]], where: str, contract: Contract) -> None:
    """Look at every cell but those below a header that the contract takes."""
    layouts = [one for table in contract.tables for one in table.meta.layouts]
    header_rows = {form.row for one in layouts for form in one.headers}
    taken = _taken(contract)
    others: list[int] = []
    width = above = 0
    for number, row in enumerate(rows, start=1):
        for place in chain(others, range(width, len(row))):
            if place < len(row) and NINE_DIGITS.search(row[place]):
                raise ContractViolation(
                    f"{where}, row {number - above}: a nine-digit number in column {place + 1},"
                    f" which the contract does not take: it was not landed. {NEXT}"
                )
        if number in header_rows:
            header = [_letters(cell) for cell in row]
            if named := next((one for one in header if FORBIDDEN_COLUMN.fullmatch(one)), None):
                raise ContractViolation(
                    f"{where} has a column that nobody may send ({named}): it was not landed."
                    f" {NEXT}"
                )
            others = [place for place, cell in enumerate(header) if cell not in taken]
            width, above = len(row), number


def _taken(contract: Contract) -> set[str]:
    return {
        _letters(spelling)
        for table in contract.tables
        for column in table.arriving
        for spelling in column.meta.names
    }


def _letters(cell: str) -> str:
    return re.sub(r"[^0-9a-z]", "", cell.casefold())
