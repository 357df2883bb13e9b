"""Parents, partitions and views of the published marts.

A parent's columns never change while a release lives. When a mart gains a column, a new parent is
made beside the old one and the view reads both, with null where the older one has nothing; so a
rollback over the change still works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from p20w.errors import ReleaseError
from p20w.release.tables import columns, comments

if TYPE_CHECKING:
    import psycopg


def attach(
    connection: psycopg.Connection, parent_schema: str, schema: str, mart: str, release_id: int
) -> None:
    """Make a release's table a partition of the parent that has its columns; once.

    Raises:
        ReleaseError: A published column was removed, re-typed or re-ordered: a new mart version.
    """
    attached = connection.execute(
        "select relname, inhdetachpending from pg_inherits"
        " inner join pg_class on inhparent = pg_class.oid"
        " where inhrelid = format('%%I.%%I', %s::text, %s::text)::regclass",
        [schema, mart],
    ).fetchone()
    if attached is not None and not attached[1]:
        return
    if attached is not None:
        detach(connection, (parent_schema, attached[0]), (schema, mart), is_begun=True)
    parent = _parent_for(connection, parent_schema, schema, mart)
    connection.execute(
        sql.SQL("alter table {} attach partition {} for values in ({})").format(
            sql.Identifier(parent_schema, parent),
            sql.Identifier(schema, mart),
            sql.Literal(release_id),
        )
    )


def detach(
    connection: psycopg.Connection,
    parent: tuple[str, str],
    part: tuple[str, str],
    *,
    is_begun: bool,
) -> None:
    """Take a table out of its parent without a lock that readers meet.

    Killed between its two steps, PostgreSQL shows readers nothing of the part and takes neither
    step again: what was begun can only be finished.
    """
    connection.execute(
        sql.SQL("alter table {} detach partition {} {}").format(
            sql.Identifier(*parent),
            sql.Identifier(*part),
            sql.SQL("finalize" if is_begun else "concurrently"),
        )
    )


def ensure_view(
    connection: psycopg.Connection, view_schema: str, parent_schema: str, mart: str
) -> None:
    """Make the readers' view of a mart, or replace it once when a parent was added."""
    parents = _parents(connection, parent_schema, mart)
    newest = columns(connection, parent_schema, parents[-1])
    wanted = [name for name in newest if name != "release_id"]
    known = connection.execute(
        "select to_regclass(format('%%I.%%I', %s::text, %s::text))", [view_schema, mart]
    ).fetchone()
    if known is not None and known[0] is not None:
        if list(columns(connection, view_schema, mart)) == wanted:
            return
        connection.execute("set local lock_timeout = '2s'")
    parts = [
        _part(connection, parent_schema, parent, newest, is_scoped=view_schema == "accountability")
        for parent in parents
    ]
    connection.execute(
        sql.SQL("create or replace view {} as {}").format(
            sql.Identifier(view_schema, mart), sql.SQL(" union all ").join(parts)
        )
    )


def _part(
    connection: psycopg.Connection,
    parent_schema: str,
    parent: str,
    newest: dict[str, str],
    *,
    is_scoped: bool,
) -> sql.Composed:
    own = columns(connection, parent_schema, parent)
    chosen = [
        sql.SQL("part.{}").format(sql.Identifier(name))
        if name in own
        else sql.SQL("null::{} as {}").format(sql.SQL(kind), sql.Identifier(name))
        for name, kind in newest.items()
        if name != "release_id"
    ]
    condition = sql.SQL(
        "part.release_id = (select release_id from published.current_release)"
    ).format()
    if is_scoped and "organization_code" in own:
        condition += sql.SQL(" and ") + _scope("parent_organization_code" in own)
    return sql.SQL("select {} from {} as part where {}").format(
        sql.SQL(", ").join(chosen), sql.Identifier(parent_schema, parent), condition
    )


def _scope(has_parent: bool) -> sql.Composed:  # noqa: FBT001 - private, one caller
    """A reader's organisations: `session_user` is who logged in, whoever owns the view."""
    matches = sql.SQL("scope.organization_code in ('*', part.organization_code{})").format(
        sql.SQL(", part.parent_organization_code" if has_parent else "")
    )
    return sql.SQL(
        "exists (select from ops.reader_scope as scope where scope.role_name = session_user and {})"
    ).format(matches)


def _parent_for(connection: psycopg.Connection, parent_schema: str, schema: str, mart: str) -> str:
    wanted = columns(connection, schema, mart)
    parents = _parents(connection, parent_schema, mart)
    for parent in parents:
        if columns(connection, parent_schema, parent) == wanted:
            return parent
    if parents:
        _refuse_new_version(columns(connection, parent_schema, parents[-1]), wanted, mart)
    parent = mart if not parents else f"{mart}__{len(parents) + 1}"
    connection.execute(
        sql.SQL(
            "create table {} (like {} including comments) partition by list (release_id)"
        ).format(sql.Identifier(parent_schema, parent), sql.Identifier(schema, mart))
    )
    return parent


def _refuse_new_version(before: dict[str, str], after: dict[str, str], mart: str) -> None:
    shared = list(after.items())[: len(before)]
    if shared != list(before.items()):
        raise ReleaseError(
            f"{mart}: published columns were removed, re-typed or re-ordered. New columns go to the"
            " end; anything else is a new mart with a new name."
        )


def _parents(connection: psycopg.Connection, parent_schema: str, mart: str) -> list[str]:
    rows = connection.execute(
        "select relname from pg_class where relkind = 'p' and relnamespace = %s::regnamespace"
        " and (relname = %s or relname ~ ('^' || %s || '__[0-9]+$')) order by oid",
        [parent_schema, mart, mart],
    ).fetchall()
    return [str(row[0]) for row in rows]


def copy_comments(connection: psycopg.Connection, schema: str, view_schema: str, mart: str) -> None:
    """Give a readers' view the comments of the release's table: they may say more than before."""
    for column, comment in comments(connection, schema, mart).items():
        if column == "release_id":
            continue
        target = sql.Identifier(view_schema, mart, *([column] if column else []))
        connection.execute(
            sql.SQL("comment on {} {} is {}").format(
                sql.SQL("column" if column else "view"), target, sql.Literal(comment)
            )
        )
