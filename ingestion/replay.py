"""Rebuild a source's raw tables from the landing zone alone: no network, the same bytes and names.

For a warehouse whose database was lost, or another one beside it: every complete release that the
landing zone has a record of is loaded again, oldest first, with the names, times and reasons that
it had. What is there already stays; running it twice equals running it once.
Flow: `<landing>/<source>/<release>/release.json` and its files -> `load` -> `ops.source_release`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ingestion import manifest
from ingestion.landing import file_sha256
from ingestion.load import load_file
from ingestion.lock import alone, work_folder
from ingestion.registry import source as registered
from ingestion.release_records import recorded_in_landing_zone, recorded_in_ledger
from p20w.errors import ContractViolation, ReleaseError
from p20w.postgres import dsn

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.landing import LandedFile
    from ingestion.registry import Source
    from ingestion.release_records import ReleaseRecord
    from p20w.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay did; releases that were there already are counted only."""

    source: str
    releases: tuple[str, ...]
    already_there: int
    rows: int


def replay(source: str, *, settings: Settings) -> ReplayResult:
    """Load every recorded release of a source again.

    Args:
        source: Its stem.
        settings: Where the warehouse and the landing zone are.

    Raises:
        ReleaseError: The warehouse has a release of that name with other files: replay into an
            empty one.
        ContractViolation: Files are gone or changed, or do not fit today's contract; all other
            releases are there, and a replay after the repair adds the rest.
    """
    entry = registered(source)
    with alone(settings, source), work_folder(settings, source) as folder:
        there = {one.release: one for one in recorded_in_ledger(settings, source)}
        records = recorded_in_landing_zone(settings.landing, source)
        _refuse_another_history(there, records)
        done: list[str] = []
        refused: list[ContractViolation] = []
        rows = 0
        for record in records:
            try:
                if record.release not in there:
                    rows += _load(settings, entry, record, folder)
                    done.append(record.release)
                # Also of one whose replay was killed just before this.
                manifest.restore(settings, record)
            except ContractViolation as error:
                logger.warning("not replayed source=%s release=%s", source, record.release)
                manifest.refuse_release(
                    settings, source, record.release, str(error), origin=record.origin
                )
                refused.append(error)
    if refused:
        raise refused[0]
    return ReplayResult(source, tuple(done), len(records) - len(done), rows)


def _refuse_another_history(there: dict[str, ReleaseRecord], records: list[ReleaseRecord]) -> None:
    for record in records:
        known = there.get(record.release)
        if known is not None and known.content_hashes != record.content_hashes:
            raise ReleaseError(
                f"The warehouse has another release {record.release} of {record.source} than the"
                " landing zone has a record of. Nothing was replayed: replay into an empty"
                " warehouse, before its first ingest."
            )


def _load(settings: Settings, entry: Source, record: ReleaseRecord, folder: Path) -> int:
    landed = record.landed(settings.landing)
    for one in landed:
        _refuse_other_bytes(one, folder)
    release_id = manifest.open_release(
        settings,
        entry.contract,
        record.release,
        landed,
        origin=record.origin,
        layout=record.layout,
        supersedes=manifest.complete_release_id(settings, entry.name, record.supersedes),
        allow_volume_reason=record.volume_allowed_reason,
    )
    results = [
        load_file(
            one,
            entry.contract,
            dsn(settings, "loader"),
            read=partial(entry.module.read, folder=folder),
            source_release_id=release_id,
            volume_allowed=True,  # it was complete: its volume was right, or a person allowed it
        )
        for one in landed
    ]
    return sum(sum(one.row_counts.values()) for one in results)


def _refuse_other_bytes(landed: LandedFile, folder: Path) -> None:
    with landed.local(folder) as path:
        found = file_sha256(path)
    if found != landed.sha256:
        raise ContractViolation(
            f"{landed.source} {landed.release}: {landed.name} has other bytes than were landed"
            f" (sha256 {landed.sha256}, found {found}). Put back the file, or ingest the release"
            " again from its publisher."
        )
