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
from p20w.errors import PublicationHeld, ReleaseError
from p20w.postgres import connect
from p20w.release.build import release_of_run
from p20w.release.views import attach, copy_comments, detach, ensure_view

if TYPE_CHECKING:
    import psycopg

    from p20w.settings import Settings

logger = logging.getLogger(__name__)

KEPT_ATTACHED = 3
# Of a release, the schema's ending, the schema of the parents and that of the readers' views.
SIDES = (("", "published", "marts"), ("_true", "published_true", "accountability"))


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
        PublicationHeld: A rollback has set a hold that is still open.
        ReleaseError: The release door is closed, a later run has published, or the student cells
            are those of a release that was rolled back since.
    """
    release_id = release_of_run(settings, run_id, {"audited", "published"})
    ledger.require_door(settings, "publisher", run_id, "release")
    with connect(settings, "publisher") as connection:
        _lock(connection)
        _require_publishable(connection, run_id)
        _make_pointer(connection)
        tables = _attach_all(connection, release_id)
        for schema, parents, views, table in tables:
            ensure_view(connection, views, parents, table)
            copy_comments(connection, schema, views, table)
    with connect(settings, "publisher") as connection:
        _lock(connection)
        # Asked again: the lock was free in between, for another night, a rollback, a rebuild.
        _require_publishable(connection, run_id)
        _record_publication(connection, release_id)
        ledger.require_door(settings, "publisher", run_id, "release")
        move_pointer(connection, release_id)
    logger.info("release published release=%d run=%d tables=%d", release_id, run_id, len(tables))
    return release_id


def rollback(settings: Settings, reason: str, to_release_id: int | None = None) -> int:
    """Go back to an earlier published release and hold publication until resumed.

    All later ones are withdrawn: whoever goes back over three trusts none of them.

    Asked again with the same reason, while its hold is open, it has been done: a command that was
    killed after the pointer had moved does not go back twice.

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
    with connect(settings, "publisher") as connection:
        _lock(connection)
        now = _current_id(connection)
        if now is None:
            raise ReleaseError("Nothing is published yet, so there is nothing to roll back.")
        if to_release_id in {None, now} and _is_held_for(connection, reason):
            logger.warning("rolled back before, for the same reason: now=%d", now)
            return now
        target = _rollback_target(connection, now, to_release_id)
        _attach_all(connection, target)
    with connect(settings, "publisher") as connection:
        _lock(connection)
        if _current_id(connection) != now:
            raise ReleaseError(
                f"Release {now} was to be rolled back, but is not current any more: nothing was"
                " done. See `p20w releases`, then roll back again."
            )
        connection.execute(
            "insert into ops.publication_hold (reason, set_by, set_at) values (%s, %s, now())",
            [reason, getpass.getuser()],
        )
        connection.execute(
            "update ops.release set state = 'withdrawn'"
            " where state = 'published' and release_id > %s",
            [target],
        )
        move_pointer(connection, target)
    logger.warning("rolled back from=%d to=%d publication=held", now, target)
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
        if not _has_pointer(connection):
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
        if not _has_pointer(connection):
            logger.info("releases trimmed: nothing is published yet, so nothing is attached")
            return 0
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


def _has_pointer(connection: psycopg.Connection) -> bool:
    row = connection.execute("select to_regclass('published.current_release')").fetchone()
    return row is not None and row[0] is not None


def _current_id(connection: psycopg.Connection) -> int | None:
    if not _has_pointer(connection):
        return None
    row = connection.execute("select release_id from published.current_release").fetchone()
    return None if row is None else int(row[0])


def _is_held_for(connection: psycopg.Connection, reason: str) -> bool:
    row = connection.execute(
        "select count(*) from ops.publication_hold where resumed_at is null and reason = %s",
        [reason],
    ).fetchone()
    return row is not None and row[0] > 0


def _require_publishable(connection: psycopg.Connection, run_id: int) -> None:
    _refuse_held(connection)
    _refuse_overtaken(connection, run_id)
    _refuse_withdrawn_cells(connection, run_id)


def _refuse_held(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "select hold_id, set_at::date from ops.publication_hold where resumed_at is null"
        " order by hold_id desc limit 1"
    ).fetchone()
    if row is not None:
        raise PublicationHeld(
            f"Publication is held since {row[1]} (hold {row[0]}, after a rollback): the candidates"
            " are built, nothing is published. When the cause is mended: p20w releases --resume"
        )


def _refuse_overtaken(connection: psycopg.Connection, run_id: int) -> None:
    row = connection.execute(
        "select max(run_id) from ops.release where state = 'published'"
    ).fetchone()
    if row is not None and row[0] is not None and row[0] > run_id:
        raise ReleaseError(f"Run {row[0]} has published since; run {run_id} comes too late.")


def _refuse_withdrawn_cells(connection: psycopg.Connection, run_id: int) -> None:
    row = connection.execute(
        "select origin.release_id from ops.release as own"
        " inner join ops.release as origin on own.carried_over_from = origin.release_id"
        " where own.run_id = %s and origin.state = 'withdrawn'",
        [run_id],
    ).fetchone()
    if row is not None:
        raise ReleaseError(
            f"Run {run_id} carries over the student cells of release {row[0]}, which was rolled"
            f" back since: `p20w protect --run {run_id}`, then `p20w check release`."
        )


def _record_publication(connection: psycopg.Connection, release_id: int) -> None:
    recorded = connection.execute(
        "update ops.release set state = 'published', published_at = coalesce(published_at, now())"
        " where release_id = %s and state in ('audited', 'published')",
        [release_id],
    )
    if recorded.rowcount != 1:
        raise ReleaseError(
            f"Release {release_id} is made again or was withdrawn meanwhile: nothing is published."
            " See `p20w releases`."
        )


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


def _attach_all(connection: psycopg.Connection, release_id: int) -> list[tuple[str, str, str, str]]:
    """Attach a release's tables; returns schema, schema of parents, of views, and table of each."""
    tables = [
        (f"release_{release_id}{ending}", parents, views, table)
        for ending, parents, views in SIDES
        for table in _tables(connection, f"release_{release_id}{ending}")
    ]
    for schema, parents, _, table in tables:
        attach(connection, parents, schema, table, release_id)
    return tables


def _tables(connection: psycopg.Connection, schema: str) -> list[str]:
    """Tables of a release; one without a release id is not for readers."""
    rows = connection.execute(
        "select relname from pg_class inner join pg_attribute on attrelid = pg_class.oid"
        " where relkind = 'r' and attname = 'release_id' and relnamespace = to_regnamespace(%s)"
        " order by relname",
        [schema],
    ).fetchall()
    return [str(row[0]) for row in rows]
