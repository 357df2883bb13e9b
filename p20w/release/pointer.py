"""Publish, roll back, hold: one row says which release every reader sees.

Each mart has two parents partitioned by release, `published.<mart>` and `published_true.<mart>`;
the views of `marts` and `accountability` select where the release is the pointer's. Moving the
pointer is one transaction with the ledger: no DDL and no lock that a reader meets.
"""

from __future__ import annotations

import getpass
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from p20w import ledger
from p20w.errors import ReleaseError
from p20w.postgres import connect
from p20w.release.build import release_of_run
from p20w.release.tables import CELL_DECISION
from p20w.release.views import attach, copy_comments, detach, ensure_view

if TYPE_CHECKING:
    import psycopg

    from p20w.settings import Settings

logger = logging.getLogger(__name__)

KEPT_ATTACHED = 3


@dataclass(frozen=True, slots=True)
class Published:
    """The release that readers see."""

    release_id: int
    published_at: datetime
    synthetic: bool
    cells_total: int
    cells_printed: int


def publish(settings: Settings, run_id: int) -> int:
    """Attach a run's release and move the pointer to it.

    Returns:
        The release's id.

    Raises:
        ReleaseError: A hold is open, the release door is closed, or a later run has published.
    """
    release_id = release_of_run(settings, run_id, {"audited", "published"})
    ledger.require_door(settings, "publisher", run_id, "release")
    with connect(settings, "publisher") as connection:
        _lock(connection)
        _refuse_held(connection)
        _refuse_overtaken(connection, run_id)
        _make_pointer(connection)
        marts = _marts_of(connection, release_id)
        for mart in marts:
            attach(connection, "published", f"release_{release_id}", mart, release_id)
            attach(connection, "published_true", f"release_{release_id}_true", mart, release_id)
            ensure_view(connection, "marts", "published", mart)
            ensure_view(connection, "accountability", "published_true", mart)
            copy_comments(connection, f"release_{release_id}", "marts", mart)
            copy_comments(connection, f"release_{release_id}_true", "accountability", mart)
    with connect(settings, "publisher") as connection:
        _lock(connection)
        _refuse_held(connection)
        move_pointer(connection, release_id)
        connection.execute(
            "update ops.release set state = 'published',"
            " published_at = coalesce(published_at, now()) where release_id = %s",
            [release_id],
        )
    logger.info("release published release=%d run=%d marts=%d", release_id, run_id, len(marts))
    return release_id


def rollback(settings: Settings, reason: str, to_release_id: int | None = None) -> int:
    """Go back to an earlier published release and hold publication until resumed.

    Args:
        settings: Where.
        reason: Why; kept in the ledger.
        to_release_id: Which release; default the one published before the current one.

    Returns:
        The release that readers see now.

    Raises:
        ReleaseError: There is no earlier published release, or the one named was not published.
    """
    if not reason.strip():
        raise ReleaseError("A rollback needs a reason: it is kept in the ledger.")
    now = current_release(settings)
    if now is None:
        raise ReleaseError("Nothing is published yet, so there is nothing to roll back.")
    with connect(settings, "publisher") as connection:
        _lock(connection)
        target = _rollback_target(connection, now.release_id, to_release_id)
        for mart in _marts_of(connection, target):
            attach(connection, "published", f"release_{target}", mart, target)
            attach(connection, "published_true", f"release_{target}_true", mart, target)
    with connect(settings, "publisher") as connection:
        _lock(connection)
        connection.execute(
            "insert into ops.publication_hold (reason, set_by, set_at) values (%s, %s, now())",
            [reason, getpass.getuser()],
        )
        connection.execute(
            "update ops.release set state = 'withdrawn' where release_id = %s", [now.release_id]
        )
        move_pointer(connection, target)
    logger.warning("rolled back from=%d to=%d publication=held", now.release_id, target)
    return target


def resume(settings: Settings) -> int:
    """End all open holds; the next night publishes again. Returns how many were open."""
    with connect(settings, "publisher") as connection:
        ended = connection.execute(
            "update ops.publication_hold set resumed_at = now(), resumed_by = %s"
            " where resumed_at is null",
            [getpass.getuser()],
        ).rowcount
    logger.info("publication resumed holds=%d", ended)
    return ended


def current_release(settings: Settings) -> Published | None:
    """The release that readers see now, or None before the first."""
    with connect(settings, "publisher") as connection:
        known = connection.execute("select to_regclass('published.current_release')").fetchone()
        if known is None or known[0] is None:
            return None
        row = connection.execute(
            "select release_id, published_at, synthetic, cells_total, cells_printed"
            " from ops.release inner join published.current_release using (release_id)"
        ).fetchone()
    if row is None:
        return None
    return Published(int(row[0]), row[1], bool(row[2]), int(row[3] or 0), int(row[4] or 0))


def trim(settings: Settings, keep: int = KEPT_ATTACHED) -> int:
    """Detach releases beyond the newest ones, without a lock that readers meet.

    Their tables stay in `release_<id>` and are attached again by a rollback.

    Returns:
        The number of partitions detached.
    """
    with connect(settings, "publisher", autocommit=True) as connection:
        rows = connection.execute(
            """
            select parent_space.nspname, parent.relname, child_space.nspname, child.relname,
                inhdetachpending
            from pg_inherits
            inner join pg_class as parent on pg_inherits.inhparent = parent.oid
            inner join pg_namespace as parent_space on parent.relnamespace = parent_space.oid
            inner join pg_class as child on pg_inherits.inhrelid = child.oid
            inner join pg_namespace as child_space on child.relnamespace = child_space.oid
            where parent_space.nspname in ('published', 'published_true')
                and substring(child_space.nspname from 'release_([0-9]+)')::bigint not in (
                    select release_id from ops.release where state = 'published'
                    order by release_id desc limit %s
                )
                and substring(child_space.nspname from 'release_([0-9]+)')::bigint not in (
                    select release_id from published.current_release
                )
            """,
            [keep],
        ).fetchall()
        for parent_space, parent, child_space, child, is_begun in rows:
            detach(connection, (parent_space, parent), (child_space, child), is_begun=is_begun)
    logger.info("releases trimmed keep=%d detached=%d", keep, len(rows))
    return len(rows)


def _lock(connection: psycopg.Connection) -> None:
    connection.execute("select pg_advisory_xact_lock(hashtext('p20w.release'))")


def _refuse_held(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "select hold_id, set_at::date from ops.publication_hold where resumed_at is null"
        " order by hold_id desc limit 1"
    ).fetchone()
    if row is not None:
        raise ReleaseError(
            f"Publication is held since {row[1]} (hold {row[0]}, after a rollback): the candidates"
            " are built, nothing is published. When the cause is mended: p20w releases --resume"
        )


def _refuse_overtaken(connection: psycopg.Connection, run_id: int) -> None:
    row = connection.execute(
        "select max(run_id) from ops.release where state = 'published'"
    ).fetchone()
    if row is not None and row[0] is not None and row[0] > run_id:
        raise ReleaseError(f"Run {row[0]} has published since; run {run_id} comes too late.")


def _make_pointer(connection: psycopg.Connection) -> None:
    connection.execute(
        "create table if not exists published.current_release ("
        " only_row boolean primary key default true check (only_row), release_id bigint not null)"
    )


def move_pointer(connection: psycopg.Connection, release_id: int) -> None:
    """Let every reader see an attached release from the caller's commit on."""
    connection.execute(
        "insert into published.current_release (release_id) values (%s)"
        " on conflict (only_row) do update set release_id = excluded.release_id",
        [release_id],
    )


def _rollback_target(connection: psycopg.Connection, current: int, wanted: int | None) -> int:
    row = connection.execute(
        "select max(release_id) from ops.release where state = 'published' and release_id <> %s"
        " and (release_id = %s or (%s::bigint is null and release_id < %s))",
        [current, wanted, wanted, current],
    ).fetchone()
    if row is None or row[0] is None:
        raise ReleaseError(
            f"No published release {'before ' + str(current) if wanted is None else wanted} to go"
            " back to: `p20w releases` lists them."
        )
    return int(row[0])


def _marts_of(connection: psycopg.Connection, release_id: int) -> list[str]:
    rows = connection.execute(
        "select tablename from pg_tables where schemaname = %s and tablename <> %s",
        [f"release_{release_id}_true", CELL_DECISION],
    ).fetchall()
    return [str(row[0]) for row in rows]
