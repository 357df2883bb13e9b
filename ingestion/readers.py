"""Files to rows of text: CSV, Excel and JSON lines, plain, gzipped or in a zip.

Every cell is read as text, so that no leading zero and no digit is lost before the contract speaks;
memory is bounded by the batch (an Excel sheet is read whole: it has at most a million rows).
Flow: landed file -> `Part`s -> batches of text columns with row numbers -> `ingestion.decode`.
"""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.archives import Opener, unpacked
from ingestion.delimited import prepare_csv
from ingestion.headers import Claim, claims
from ingestion.json_lines import json_rows
from ingestion.parts import Part
from ingestion.sheets import prepare_sheet
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingestion.contract import Contract
    from ingestion.landing import LandedFile

BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error)


@contextmanager
def read_file(
    landed: LandedFile, contract: Contract, folder: Path | None = None
) -> Iterator[list[Part]]:
    """Open a landed file under its contract: pure, no network.

    Tables that are read from the same cells share a part; a workbook has one for each sheet wanted.

    Args:
        landed: The file.
        contract: The contract of its source.
        folder: Where members of a zip are unpacked meanwhile; default: the system's own.

    Raises:
        ContractViolation: Not the format, columns or encoding promised, or broken.
    """
    feeds = claims(landed.name, contract, synthetic=landed.is_synthetic)
    with (
        landed.local(folder) as path,
        tempfile.TemporaryDirectory(prefix="p20w-read-", dir=folder) as inside,
    ):
        try:
            yield [
                _part(landed.name, name, opener, together, contract)
                for together in _read_together(feeds)
                for name, opener in _members(landed.name, path, together, Path(inside))
            ]
        except BROKEN as error:
            raise ContractViolation(
                f"{landed.name} is broken: {type(error).__name__}. Fetch it again."
            ) from error


def _read_together(feeds: Sequence[Claim]) -> list[list[Claim]]:
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for feed in feeds:
        groups.setdefault(feed.layout.opening, []).append(feed)
    return list(groups.values())


def _members(
    name: str, path: Path, feeds: Sequence[Claim], folder: Path
) -> list[tuple[str, Opener]]:
    if name.lower().endswith(".zip"):
        inside = Path(tempfile.mkdtemp(dir=folder))
        return unpacked(name, path, feeds[0].layout.member, inside)
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
        part.open = lambda: json_rows(opener, part)
    elif kind == "csv":
        prepare_csv(part, opener, where, restricted=contract.is_restricted)
    else:
        prepare_sheet(part, opener, where, restricted=contract.is_restricted)
    return part
