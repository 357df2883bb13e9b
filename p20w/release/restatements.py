"""What a new release may change of earlier public ones: between annual dates, nothing small.

A change of one to nine people between two releases is those people. Their period is held as it was
until the next annual date of the publication calendar; on that date all restatements are published.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from p20w.disclosure import (
    Declaration,
    Profile,
    Protection,
    held_periods,
    hold,
    hold_decisions,
    small_restatements,
)
from p20w.release.tables import CELL_DECISION, read_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg
    import pyarrow as pa

logger = logging.getLogger(__name__)

ANNUAL = "certified_fall"


def hold_restatements(
    connection: psycopg.Connection,
    release_id: int,
    protection: Protection,
    declarations: Mapping[str, Declaration],
    profiles: Mapping[str, Profile],
) -> tuple[dict[str, pa.Table], pa.Table]:
    """Protected marts and decisions of a release, with held periods as the last release has them.

    Args:
        connection: The publisher's.
        release_id: The release in the making.
        protection: Its marts, protected on their own.
        declarations: Per mart, its declaration.
        profiles: Per name, the suppression profile.
    """
    tables = dict(protection.tables)
    found = {
        item
        for other in _compared(connection, release_id)
        for item in small_restatements(
            _marts(connection, other, declarations), tables, declarations, profiles
        )
    }
    last = _last_published(connection, release_id)
    if not found or last is None:
        return tables, protection.decisions
    moved = sorted(found, key=lambda item: (item.mart, item.cell_key, item.column))
    held = held_periods(moved, declarations)
    kept = _marts(connection, last, declarations)
    logger.info(
        "restatements held release=%d periods=%d cells=%d kept_from=%d",
        *(release_id, len(held), len(moved), last),
    )
    decisions = hold_decisions(
        _read(connection, f"release_{last}_true", CELL_DECISION),
        protection.decisions,
        moved,
        declarations,
    )
    return {
        name: hold(kept.get(name), table, declarations[name], held)
        for name, table in tables.items()
    }, decisions


def _compared(connection: psycopg.Connection, release_id: int) -> list[int]:
    """Releases that were public since the last annual date, rolled back ones too: all were seen."""
    rows = connection.execute(
        "select earlier.release_id from ops.release as earlier"
        " inner join ops.run on earlier.run_id = run.run_id"
        " where earlier.release_id < %(own)s and earlier.publication_date"
        " and earlier.state in ('published', 'withdrawn')"
        " and run.as_of_date >= coalesce((select max(calendar.publication_date)"
        " from reference.publication_calendar as calendar"
        " inner join ops.run as own_run on calendar.publication_date <= own_run.as_of_date"
        " inner join ops.release as own on own_run.run_id = own.run_id"
        " where own.release_id = %(own)s and calendar.occasion = %(annual)s), '-infinity')"
        " order by earlier.release_id",
        {"own": release_id, "annual": ANNUAL},
    ).fetchall()
    return [int(row[0]) for row in rows]


def _last_published(connection: psycopg.Connection, release_id: int) -> int | None:
    row = connection.execute(
        "select max(release_id) from ops.release"
        " where release_id < %s and publication_date and state = 'published'",
        [release_id],
    ).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def _marts(
    connection: psycopg.Connection, release_id: int, declarations: Mapping[str, Declaration]
) -> dict[str, pa.Table]:
    """The release's protected marts without its id; those that it did not have are left out."""
    found = {name: _read(connection, f"release_{release_id}", name) for name in declarations}
    return {
        name: table.drop_columns(["release_id"])
        for name, table in found.items()
        if table is not None
    }


def _read(connection: psycopg.Connection, schema: str, table: str) -> pa.Table | None:
    row = connection.execute(
        "select to_regclass(format('%%I.%%I', %s::text, %s::text))", [schema, table]
    ).fetchone()
    return None if row is None or row[0] is None else read_arrow(connection, schema, table)
