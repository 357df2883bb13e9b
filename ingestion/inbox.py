"""The inbox scan: restricted files are looked through before they may be landed.

Social security numbers and columns that nobody may send are refused, and the value is never shown.
Flow: temporary or dropped file -> nothing, or `ContractViolation` -> `ingestion.landing`.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingestion.contract import Contract

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
NINE_DIGITS = re.compile(r"(?!000|666|9\d\d)\d{3}(?!00)\d{2}(?!0000)\d{4}")
NEXT = "Ask the sender for a file without it, delete this one, and tell the data steward."


def scan_restricted(path: Path, name: str, contract: Contract) -> None:
    """Refuse a file that holds what it must not.

    Looked for: numbers written like social security numbers anywhere; nine-digit numbers in columns
    that the contract does not take; columns and labels that say what they are.

    Raises:
        ContractViolation: Found, with file and kind of finding, never the value.
    """
    try:
        for member, stream in _streams(path, name):
            where = name if member == name else f"{name}, member {member}"
            _scan_bytes(stream, where)
        if name.lower().endswith((".csv", ".csv.gz", ".txt")):
            _scan_columns(path, name, contract)
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ContractViolation(
            f"{name} cannot be opened ({type(error).__name__}), so it cannot be looked through."
        ) from error


def _streams(path: Path, name: str) -> Iterator[tuple[str, BinaryIO]]:
    if name.lower().endswith((".zip", ".xlsx")):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                with archive.open(info) as stream:
                    yield info.filename, stream  # type: ignore[misc]
    elif name.lower().endswith(".gz"):
        with gzip.open(path, "rb") as stream:
            yield name, stream  # type: ignore[misc]
    else:
        with path.open("rb") as stream:
            yield name, stream


def _scan_bytes(stream: BinaryIO, where: str) -> None:
    kept = b""
    while chunk := stream.read(CHUNK):
        text = kept + chunk
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


def _scan_columns(path: Path, name: str, contract: Contract) -> None:
    taken = {
        _letters(spelling)
        for table in contract.tables
        for column in table.arriving
        for spelling in column.meta.names
    }
    with _opened(path, name) as raw:
        delimiter = contract.tables[0].meta.layouts[0].delimiter
        rows = csv.reader(
            io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline=""),
            delimiter=delimiter,
        )
        header = [_letters(cell) for cell in next(rows, [])]
        for cell in header:
            if FORBIDDEN_COLUMN.fullmatch(cell):
                raise ContractViolation(
                    f"{name} has a column that nobody may send ({cell}): it was not landed. {NEXT}"
                )
        others = [place for place, cell in enumerate(header) if cell not in taken]
        for number, row in enumerate(rows, start=1):
            for place in others:
                if place < len(row) and NINE_DIGITS.fullmatch(row[place].strip()):
                    raise ContractViolation(
                        f"{name}, row {number}: a nine-digit number in column {place + 1}, which"
                        f" the contract does not take: it was not landed. {NEXT}"
                    )


def _opened(path: Path, name: str) -> BinaryIO:
    if name.lower().endswith(".gz"):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def _letters(cell: str) -> str:
    return re.sub(r"[^0-9a-z]", "", cell.casefold())
