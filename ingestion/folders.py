"""Files that lie on a disk already, in a folder by source: `<folder>/<source>/<anything>/<file>`.

Each file that a contract knows by its name becomes a release of its own, named after the file.
What is left out is told. Flow: folder -> `ingest(from_path=...)` -> landing zone.
"""

from __future__ import annotations

import logging
import re
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

logger = logging.getLogger(__name__)
EXTENSIONS = re.compile(r"(?i)(\.(csv|json|ndjson|txt|tsv|xlsx?|xlsm))?(\.(zip|gz))?$")


def files_by_source(folder: Path) -> dict[str, list[Path]]:
    """The files that a public source's contract knows by their names; sources without are left out.

    Raises:
        ConfigurationError: There is no such folder, or no contract knows a file in it.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder: expected one with a folder per source.")
    public = {one.name: one.contract for one in sources() if not one.contract.is_restricted}
    found = {}
    for name, contract in public.items():
        files = _visible_files(folder / name)
        known = [path for path in files if _is_claimed(path.name, contract)]
        if known:
            found[name] = known
        if unknown := [str(path.relative_to(folder)) for path in files if path not in known]:
            logger.warning("left out, in no contract source=%s: %s", name, ", ".join(unknown))
    if not found:
        raise ConfigurationError(
            f"No contract knows a file in {folder}: expected files as their publishers name them"
            f" in folders named {', '.join(public)}."
        )
    strangers = sorted(one.name for one in folder.iterdir() if one.is_dir())
    if others := [one for one in strangers if one not in public and not one.startswith(".")]:
        logger.warning("left out, no public source has the name folders=%s", ", ".join(others))
    return found


def ingest_folder(files: dict[str, list[Path]], settings: Settings) -> Iterator[IngestResult]:
    """Load each file as a release named after it; what is loaded already adds nothing.

    Raises:
        ContractViolation: A file is not what the contract promises.
    """
    for source, paths in files.items():
        for path in paths:
            yield ingest(source, settings=settings, release=release_of(path.name), from_path=path)


def release_of(file_name: str) -> str:
    """The name of the release that a file is: without its extension, and fit for a path.

    Example: `2016.q1-q4 34037 Sussex County.csv.gz` -> `2016-q1-q4-34037-Sussex-County`.
    """
    return re.sub(r"[^A-Za-z0-9_]+", "-", EXTENSIONS.sub("", file_name)).strip("-")


def _visible_files(folder: Path) -> list[Path]:
    """All files in the folder and in those below, without what is hidden."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _is_claimed(name: str, contract: Contract) -> bool:
    try:
        claims(name, contract, synthetic=False)
    except ContractViolation:
        return False
    return True
