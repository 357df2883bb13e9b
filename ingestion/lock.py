"""One at a time: who holds a source's lock is the only one that lands and loads its files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from p20w.errors import DatabaseBusy
from p20w.postgres import database_errors, dsn

if TYPE_CHECKING:
    from collections.abc import Iterator

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
