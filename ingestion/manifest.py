"""Source releases and their files in the ledger: opened, completed by the loader, or refused.

Flow: `ingest` -> `ops.source_release`, `ops.landed_file`; the loader completes them (`load`).
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ingestion.landing import LandedFile
from p20w.errors import ReleaseError
from p20w.ledger import landed_file, load, now, source_release
from p20w.postgres import begin

if TYPE_CHECKING:
    from ingestion.contract import Contract
    from ingestion.release_records import ReleaseRecord
    from p20w.settings import Settings

Origin = Literal["endpoint", "inbox"]


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A complete release: its files as they were landed, and the contracts they were read by."""

    source_release_id: int
    name: str
    files: dict[str, LandedFile]
    contract_versions: frozenset[str]


def complete_releases(settings: Settings, source: str) -> list[KnownRelease]:
    """Complete releases that no later complete one replaces, newest first."""
    later = source_release.alias("later")
    is_replaced = sa.exists().where(
        later.c.supersedes == source_release.c.source_release_id, later.c.state == "complete"
    )
    chosen = (
        sa.select(
            source_release.c.source_release_id,
            source_release.c.release,
            source_release.c.is_synthetic,
            *[column for column in landed_file.c if column.name != "source_release_id"],
            load.c.contract_version,
        )
        .join(landed_file, landed_file.c.source_release_id == source_release.c.source_release_id)
        .join(load, load.c.load_id == landed_file.c.load_id)
        .where(
            source_release.c.source == source, source_release.c.state == "complete", ~is_replaced
        )
        .order_by(source_release.c.completed_at.desc(), source_release.c.source_release_id.desc())
    )
    with begin(settings, "loader") as connection:
        rows = connection.execute(chosen).mappings().all()
    grouped: dict[int, list[sa.RowMapping]] = {}
    for row in rows:
        grouped.setdefault(row["source_release_id"], []).append(row)
    return [
        KnownRelease(
            number,
            members[0]["release"],
            {row["name"]: _landed(source, row) for row in members},
            frozenset(row["contract_version"] for row in members),
        )
        for number, members in grouped.items()
    ]


def complete_names(settings: Settings, source: str) -> set[str]:
    """Names of all complete releases, replaced ones too: they are never used again."""
    chosen = sa.select(source_release.c.release).where(
        source_release.c.source == source, source_release.c.state == "complete"
    )
    with begin(settings, "loader") as connection:
        return set(connection.scalars(chosen))


def complete_release_id(settings: Settings, source: str, release: str | None) -> int | None:
    """The id of a complete release; None where there is none of that name."""
    chosen = sa.select(source_release.c.source_release_id).where(
        source_release.c.source == source,
        source_release.c.release == release,
        source_release.c.state == "complete",
    )
    with begin(settings, "loader") as connection:
        return connection.scalar(chosen)


def open_release(
    settings: Settings,
    contract: Contract,
    release: str,
    files: list[LandedFile],
    *,
    origin: Origin,
    layout: str,
    supersedes: int | None,
    allow_volume_reason: str | None,
) -> int:
    """Open a release (again, where an earlier attempt failed or was refused) with its files.

    Returns:
        The release's id.
    """
    values: dict[str, object] = {
        "source": contract.name,
        "release": release,
        "kind": "full",
        "origin": origin,
        "layout": layout,
        "is_synthetic": any(one.is_synthetic for one in files) or layout.startswith("synthetic"),
        "expected_files": len(files),
        "state": "open",
        "supersedes": supersedes,
        "opened_at": now(),
        "refused_reason": None,
        "volume_allowed_reason": allow_volume_reason,
        "volume_allowed_by": getpass.getuser() if allow_volume_reason else None,
    }
    with begin(settings, "loader") as connection:
        number = _write_release(connection, values)
        # An earlier attempt may have had other files: what is not loaded now does not count.
        connection.execute(
            sa.update(landed_file)
            .where(landed_file.c.source_release_id == number)
            .values(load_id=None)
        )
        for one in files:
            row = _row(number, one)
            connection.execute(
                insert(landed_file)
                .values(**row)
                .on_conflict_do_update(index_elements=["source_release_id", "name"], set_=row)
            )
        return number


def refuse_release(
    settings: Settings, source: str, release: str, reason: str, *, origin: Origin
) -> None:
    """Record why a release is not used; the night goes on with the one before."""
    values: dict[str, object] = {
        "source": source,
        "release": release,
        "origin": origin,
        "state": "refused",
        "opened_at": now(),
        "refused_reason": reason,
    }
    with begin(settings, "loader") as connection:
        _write_release(connection, values)


def restore(settings: Settings, record: ReleaseRecord) -> None:
    """Give a replayed release the times, and the person who allowed its volume, that it had."""
    with begin(settings, "loader") as connection:
        connection.execute(
            sa.update(source_release)
            .where(
                source_release.c.source == record.source,
                source_release.c.release == record.release,
                source_release.c.state == "complete",
            )
            .values(
                opened_at=record.opened_at,
                completed_at=record.completed_at,
                volume_allowed_by=record.volume_allowed_by,
            )
        )


def _write_release(connection: sa.Connection, values: dict[str, object]) -> int:
    number = connection.scalar(
        insert(source_release)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["source", "release"],
            set_=values,
            where=source_release.c.state != "complete",
        )
        .returning(source_release.c.source_release_id)
    )
    if number is None:
        raise ReleaseError(
            f"Release {values['release']} of {values['source']} is complete already: a complete"
            " release is never changed. Ingest again under another name."
        )
    return int(number)


def _landed(source: str, row: sa.RowMapping) -> LandedFile:
    return LandedFile(
        source=source,
        release=row["release"],
        name=row["name"],
        path=row["path"],
        sha256=row["sha256"],
        content_hash=row["content_hash"],
        size_bytes=row["size_bytes"],
        retrieved_at=row["retrieved_at"],
        origin_url=row["origin_url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        is_synthetic=row["is_synthetic"],
    )


def _row(source_release_id: int, one: LandedFile) -> dict[str, object]:
    return {
        "source_release_id": source_release_id,
        "name": one.name,
        "path": one.path,
        "sha256": one.sha256,
        "content_hash": one.content_hash,
        "size_bytes": one.size_bytes,
        "origin_url": one.origin_url,
        "retrieved_at": one.retrieved_at,
        "etag": one.etag,
        "last_modified": one.last_modified,
        "load_id": None,
    }
