"""One at a time: who holds a source's lock alone lands and loads its files, in its own folder."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from p20w.errors import DatabaseBusy
from p20w.postgres import database_errors, dsn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from p20w.settings import Settings


@contextmanager
def alone(settings: Settings, source: str) -> Iterator[None]:
    """Hold the source's lock: two ingests of one source at a time would do the work twice.

    Raises:
        DatabaseBusy: Somebody else holds it: try again when that one is done.
    """
    with database_errors(), psycopg.connect(dsn(settings, "loader"), autocommit=True) as connection:
        row = connection.execute(
            "select pg_try_advisory_lock(hashtext(%s))", [f"p20w.ingest {source}"]
        ).fetchone()
        if row is None or not row[0]:
            raise DatabaseBusy(f"Another ingest of {source} is running: try again when it is done.")
        yield


@contextmanager
def work_folder(settings: Settings, source: str) -> Iterator[Path]:
    """A private folder for unfinished files, on the disk of the home; gone afterwards.

    It has the source's name, so that the next one removes what one that was killed has left.
    """
    folder = settings.home / "work" / f"ingest-{source}"
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
