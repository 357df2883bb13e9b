"""What the ledger knows of loads: the manifest, its link to a release's file, and completion.

Flow: `load` -> `ops.load`, `ops.landed_file`, `ops.source_release`. Parameters are `$1`, as
`Session` takes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.contract import Contract
    from ingestion.landing import LandedFile
    from ingestion.session import Session

LINK = """
    update ops.landed_file set load_id = $1 where source_release_id = $2 and name = $3
"""
LAST_COUNT = """
    select cast(load.row_counts ->> $1 as bigint)
    from ops.landed_file
    inner join ops.source_release
        on landed_file.source_release_id = source_release.source_release_id
    inner join ops.load on landed_file.load_id = load.load_id
    where
        source_release.source = $2
        and source_release.state = 'complete'
        and regexp_replace(landed_file.name, '[0-9]+', '0', 'g') = $3
        and load.row_counts ->> $1 is not null
    order by source_release.completed_at desc
    limit 1
"""
LAST_LOAD = """
    select landed_file.load_id
    from ops.landed_file
    inner join ops.source_release
        on landed_file.source_release_id = source_release.source_release_id
    where
        source_release.source = $1
        and source_release.state = 'complete'
        and landed_file.name = $2
    order by source_release.completed_at desc
    limit 1
"""
COMPLETE = """
    update ops.source_release set state = 'complete', completed_at = now()
    where
        source_release_id = $1
        and state = 'open'
        and expected_files = (
            select count(*) from ops.landed_file
            where landed_file.source_release_id = $1 and landed_file.load_id is not null
        )
"""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What became of a file; `is_new` is False where the same content was loaded before."""

    load_id: int
    layout: str
    row_counts: dict[str, int]
    rejected_count: int
    is_new: bool


def known_load(session: Session, landed: LandedFile, contract: Contract) -> LoadResult | None:
    """The committed load of this content under this contract."""
    found = session.rows(
        "select load_id, layout, row_counts, rejected_count from ops.load"
        " where source = $1 and content_hash = $2 and contract_version = $3",
        landed.source,
        landed.content_hash,
        contract.contract_version,
    )
    if not found:
        return None
    load_id, layout, row_counts, rejected_count = found[0]
    return LoadResult(load_id, layout, row_counts, rejected_count, is_new=False)
