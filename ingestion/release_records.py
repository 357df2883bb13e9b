"""What a complete release was, kept beside its files: `<landing>/<source>/<release>/release.json`.

The ledger may be lost with its database; from these records it can be written again. A file that
did not change is in an earlier release's folder, and two files of a release may have the same
bytes: the sidecars alone do not tell a release's files.
Flow: `ops.source_release`, `ops.landed_file` -> release.json -> `ingestion.replay`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, ValidationError
from upath import UPath

from ingestion.landing import LandedFile, write_whole
from p20w.errors import ContractViolation
from p20w.ledger import landed_file, source_release
from p20w.postgres import begin

if TYPE_CHECKING:
    from p20w.settings import Settings

NAME = "release.json"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileRecord(_Strict):
    """A file of a release; `path` leads to its bytes from the source's folder."""

    name: str
    path: str
    sha256: str
    content_hash: str
    size_bytes: int
    retrieved_at: datetime
    origin_url: str | None
    etag: str | None
    last_modified: str | None


class ReleaseRecord(_Strict):
    """A complete release with its files in the order in which they were loaded."""

    source: str
    release: str
    origin: Literal["endpoint", "inbox"]
    layout: str
    is_synthetic: bool
    supersedes: str | None
    opened_at: datetime
    completed_at: datetime
    volume_allowed_reason: str | None
    volume_allowed_by: str | None
    files: tuple[FileRecord, ...]

    @property
    def content_hashes(self) -> dict[str, str]:
        """Hash of each file's content, by its name."""
        return {one.name: one.content_hash for one in self.files}

    def landed(self, landing: str) -> list[LandedFile]:
        """The release's files where they are in a landing zone."""
        folder = UPath(landing) / self.source
        return [
            LandedFile(
                source=self.source,
                release=self.release,
                is_synthetic=self.is_synthetic,
                **(one.model_dump() | {"path": str(folder / one.path)}),
            )
            for one in self.files
        ]


def record_releases(settings: Settings, source: str) -> None:
    """Write the record of each complete release that has none yet, also of one killed meanwhile."""
    for record in recorded_in_ledger(settings, source):
        path = UPath(settings.landing) / source / record.release / NAME
        # Of files that were destroyed under their agreement nothing comes back.
        if not path.exists() and all(
            UPath(one.path).exists() for one in record.landed(settings.landing)
        ):
            write_whole(path, record.model_dump_json(indent=1).encode())


def recorded_in_ledger(settings: Settings, source: str) -> list[ReleaseRecord]:
    """Complete releases as the ledger tells them, oldest first."""
    before = source_release.alias("before")
    chosen = (
        sa.select(
            source_release,
            before.c.release.label("supersedes_release"),
            *[column.label(f"file_{column.name}") for column in landed_file.c],
        )
        .join(landed_file, landed_file.c.source_release_id == source_release.c.source_release_id)
        .outerjoin(before, before.c.source_release_id == source_release.c.supersedes)
        .where(
            source_release.c.source == source,
            source_release.c.state == "complete",
            landed_file.c.load_id.is_not(None),
        )
        .order_by(
            source_release.c.completed_at,
            source_release.c.source_release_id,
            landed_file.c.load_id,
        )
    )
    with begin(settings, "loader") as connection:
        rows = connection.execute(chosen).mappings().all()
    grouped: dict[str, list[sa.RowMapping]] = {}
    for row in rows:
        grouped.setdefault(row["release"], []).append(row)
    return [_record(settings.landing, members) for members in grouped.values()]


def recorded_in_landing_zone(landing: str, source: str) -> list[ReleaseRecord]:
    """Complete releases of which the landing zone has the record, oldest first.

    Raises:
        ContractViolation: A record cannot be read: it was not written by an ingest.
    """
    records = []
    for path in (UPath(landing) / source).glob(f"*/{NAME}"):
        try:
            records.append(ReleaseRecord.model_validate_json(path.read_bytes()))
        except ValidationError as error:
            raise ContractViolation(
                f"{path} is no record of a release: put back the file that the ingest wrote."
            ) from error
    return sorted(records, key=lambda one: (one.completed_at, one.release))


def _record(landing: str, members: list[sa.RowMapping]) -> ReleaseRecord:
    release = members[0]
    folder = f"{UPath(landing) / release['source']}/"
    told = {name: release[name] for name in ReleaseRecord.model_fields if name in release}
    files = tuple(
        FileRecord(
            **{name: row[f"file_{name}"] for name in FileRecord.model_fields if name != "path"},
            path=row["file_path"].removeprefix(folder),
        )
        for row in members
    )
    return ReleaseRecord(**(told | {"supersedes": release["supersedes_release"], "files": files}))
