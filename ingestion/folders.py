"""Files that lie on a disk already, in a folder by source: `<folder>/<source>/<file>`.

Each file that a contract knows by its name becomes a release of its own, named after the file.
Flow: folder -> `ingest(from_path=...)` -> landing zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.headers import claims
from ingestion.ingest import ingest
from ingestion.registry import sources
from p20w.errors import ConfigurationError, ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingestion.contract import Contract
    from ingestion.ingest import IngestResult
    from p20w.settings import Settings


def files_by_source(folder: Path) -> dict[str, list[Path]]:
    """The files that a public source's contract knows by their names; sources without are left out.

    Raises:
        ConfigurationError: There is no such folder, or no contract knows a file in it.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder: expected one with a folder per source.")
    found = {}
    for source in sources():
        if not source.contract.is_restricted:
            files = _known_files(folder / source.name, source.contract)
            if files:
                found[source.name] = files
    if not found:
        public = [source.name for source in sources() if not source.contract.is_restricted]
        raise ConfigurationError(
            f"No contract knows a file in {folder}: expected files as their publishers name them"
            f" in folders named {', '.join(public)}."
        )
    return found


def ingest_folder(files: dict[str, list[Path]], settings: Settings) -> Iterator[IngestResult]:
    """Load each file as a release named after it; what is loaded already adds nothing.

    Raises:
        ContractViolation: A file is not what the contract promises.
    """
    for source, paths in files.items():
        for path in paths:
            release = path.name.partition(".")[0]
            yield ingest(source, settings=settings, release=release, from_path=path)


def _known_files(folder: Path, contract: Contract) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and _is_claimed(path.name, contract)
    ]


def _is_claimed(name: str, contract: Contract) -> bool:
    try:
        claims(name, contract, synthetic=False)
    except ContractViolation:
        return False
    return True
