"""A release as files: one CSV and one Parquet a mart, `datapackage.json`, `SHA256SUMS`.

The description follows the Data Package standard (https://specs.frictionlessdata.io/data-package/):
every column with its type and comment. Flow: `release_<id>` -> `<home>/exports/*/release_<id>/`.
Files of a release that was rolled back are taken away: they would stay public beside the tables.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow.parquet
from psycopg import sql

from p20w.errors import ReleaseError
from p20w.postgres import connect
from p20w.release import current_release
from p20w.release.build import release_of_run
from p20w.release.tables import CELL_DECISION, columns, comments, read_arrow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from p20w.release.pointer import Published
    from p20w.settings import Settings

logger = logging.getLogger(__name__)

CHECKSUMS = "SHA256SUMS"
FIELD_TYPES = {
    "integer": "integer",
    "bigint": "integer",
    "smallint": "integer",
    "numeric": "number",
    "double precision": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp with time zone": "datetime",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """Where a release was written, and how many tables."""

    public: Path
    restricted: Path
    tables: int


def export(settings: Settings, run_id: int) -> Exported:
    """Write the files of a run's published release; safe to run again.

    Raises:
        ReleaseError: The run's release is not the one that readers see.
    """
    release_id = release_of_run(settings, run_id, {"published"})
    with _only_export(settings):
        now = current_release(settings)
        if now is None or now.release_id != release_id:
            raise ReleaseError(f"Release {release_id} is not the current one: nothing is exported.")
        return _export(settings, now)


def export_current(settings: Settings) -> Exported:
    """Make `current` the files of the release that readers see; after a rollback, an earlier one.

    Raises:
        ReleaseError: Nothing is published yet.
    """
    with _only_export(settings):
        now = current_release(settings)
        if now is None:
            raise ReleaseError("Nothing is published yet: there is nothing to export.")
        return _export(settings, now)


@contextmanager
def _only_export(settings: Settings) -> Iterator[None]:
    """One at a time: a night's export that began before a rollback ends before the rollback's."""
    with connect(settings, "publisher") as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('p20w.export'))")
        yield


def _export(settings: Settings, now: Published) -> Exported:
    public, restricted = settings.home / "exports" / "public", settings.home / "exports/restricted"
    schema = f"release_{now.release_id}"
    withdrawn = _withdrawn(settings)
    # First of all: what was rolled back may have shown what nobody may see.
    _take_away(public, schema, withdrawn)
    _take_away(restricted, f"{schema}_true", [f"{name}_true" for name in withdrawn])
    written = Exported(
        _write(settings, public, schema, 0o755, now.synthetic),
        _write(settings, restricted, f"{schema}_true", 0o700, now.synthetic),
        tables=len(list((public / schema).glob("*.csv"))),
    )
    logger.info("release exported release=%d tables=%d", now.release_id, written.tables)
    return written


def _withdrawn(settings: Settings) -> list[str]:
    with connect(settings, "publisher") as connection:
        rows = connection.execute(
            "select release_id from ops.release where state = 'withdrawn' order by release_id"
        ).fetchall()
    return [f"release_{row[0]}" for row in rows]


def _take_away(parent: Path, current: str, withdrawn: list[str]) -> None:
    """Remove the folders of withdrawn releases; `current` leads to another first, or nowhere."""
    link = parent / "current"
    if link.is_symlink() and link.readlink().name in withdrawn:
        if (parent / current).exists():
            _switch(link, current)
        else:
            link.unlink()
    for name in withdrawn:
        for folder in (*parent.glob(name), *parent.glob(f"{name}.*")):
            shutil.rmtree(folder)


def _write(settings: Settings, parent: Path, schema: str, mode: int, is_synthetic: bool) -> Path:  # noqa: FBT001 - private
    parent.mkdir(parents=True, exist_ok=True, mode=mode)
    unfinished, whole = parent / f"{schema}.unfinished", parent / schema
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=mode)
    with connect(settings, "publisher") as connection:
        tables = _tables(connection, schema)
        resources = [_resource(connection, schema, table, unfinished) for table in tables]
    package = {
        "name": schema.replace("_", "-"),
        "title": "Career Pathways Warehouse" + (" - SYNTHETIC DATA" if is_synthetic else ""),
        "synthetic": is_synthetic,
        "resources": resources,
    }
    (unfinished / "datapackage.json").write_text(json.dumps(package, indent=1) + "\n")
    (unfinished / CHECKSUMS).write_text(_checksums(unfinished))
    _put_in_place(unfinished, whole)
    _switch(parent / "current", whole.name)
    return whole


def _put_in_place(unfinished: Path, whole: Path) -> None:
    """A release never changes: files that are there already stay, unless somebody damaged them."""
    if not whole.exists():
        unfinished.rename(whole)
    elif _checksums(whole) == _checksums(unfinished):
        shutil.rmtree(unfinished)
    else:
        replaced = whole.with_suffix(".replaced")
        shutil.rmtree(replaced, ignore_errors=True)
        whole.rename(replaced)
        unfinished.rename(whole)
        shutil.rmtree(replaced)


def _tables(connection: psycopg.Connection, schema: str) -> list[str]:
    rows = connection.execute(
        "select tablename from pg_tables where schemaname = %s and tablename <> %s"
        ' order by tablename collate "C"',
        [schema, CELL_DECISION],
    ).fetchall()
    return [str(row[0]) for row in rows]


def _resource(
    connection: psycopg.Connection, schema: str, table: str, folder: Path
) -> dict[str, Any]:
    rows = read_arrow(connection, schema, table)
    pyarrow.parquet.write_table(
        rows.drop_columns(["release_id"]), folder / f"{table}.parquet", compression="zstd"
    )
    kinds = {
        name: kind
        for name, kind in columns(connection, schema, table).items()
        if name != "release_id"
    }
    names = sql.SQL(", ").join(sql.Identifier(name) for name in kinds)
    query = sql.SQL(
        "copy (select {names} from {table} order by {names}) to stdout"
        " with (format csv, header true)"
    ).format(names=names, table=sql.Identifier(schema, table))
    with (folder / f"{table}.csv").open("wb") as out, connection.cursor().copy(query) as blocks:
        for block in blocks:
            out.write(block)
    described = comments(connection, schema, table)
    return {
        "name": table,
        "description": described.get("", ""),
        "path": f"{table}.csv",
        "alternative": f"{table}.parquet",
        "format": "csv",
        "encoding": "utf-8",
        "rows": rows.num_rows,
        "schema": {
            "fields": [
                {
                    "name": name,
                    "type": FIELD_TYPES.get(kind, "string"),
                    "description": described.get(name, ""),
                }
                for name, kind in kinds.items()
            ]
        },
    }


def _checksums(folder: Path) -> str:
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name != CHECKSUMS
    )


def _switch(link: Path, target: str) -> None:
    unfinished = link.with_name("current.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(target)
    os.replace(unfinished, link)  # noqa: PTH105 - Path.replace follows nothing either; one atomic call
