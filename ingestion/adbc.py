"""The loader's one connection: Arrow batches in, one transaction, errors without rows.

Flow: typed Arrow -> ADBC (binary COPY) -> PostgreSQL. ADBC's exception text holds PostgreSQL's
DETAIL, which prints whole rows, so every error leaves here as SQLSTATE and relation only.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import adbc_driver_manager
from adbc_driver_postgresql import dbapi

from p20w.errors import DatabaseBusy, DatabaseError
from p20w.postgres import BUSY_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

logger = logging.getLogger(__name__)
DIAGNOSTICS = {
    "PG_DIAG_SCHEMA_NAME": "schema",
    "PG_DIAG_TABLE_NAME": "table",
    "PG_DIAG_COLUMN_NAME": "column",
    "PG_DIAG_CONSTRAINT_NAME": "constraint",
}


class Session:
    """A transaction on one connection: statements with `$1` parameters, and Arrow batches."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement and fetch what it returns."""
        with adbc_errors(), self._connection.cursor() as cursor:
            cursor.execute(statement, list(parameters) if parameters else None)
            return list(cursor.fetchall()) if cursor.description else []

    def ingest(self, schema: str, table: str, batches: pa.RecordBatchReader) -> int:
        """Append batches to a table; returns how many rows the server took."""
        with adbc_errors(f"{schema}.{table}"), self._connection.cursor() as cursor:
            return int(cursor.adbc_ingest(table, batches, mode="append", db_schema_name=schema))

    def commit(self) -> None:
        """Commit; the caller still re-reads, because a commit after a failed COPY says nothing."""
        with adbc_errors():
            self._connection.commit()


@contextmanager
def transaction(dsn: str) -> Iterator[Session]:
    """Connect; what is not committed inside is rolled back, whatever happens.

    Raises:
        DatabaseBusy: Try again later.
        DatabaseError: The server refused a statement.
    """
    with adbc_errors():
        connection = dbapi.connect(dsn)
    try:
        yield Session(connection)
    finally:
        try:
            connection.rollback()
        except adbc_driver_manager.Error as error:
            logger.info("rollback impossible error=%s", type(error).__name__)
        connection.close()


@contextmanager
def adbc_errors(relation: str = "") -> Iterator[None]:
    """Map the driver's errors to ours, without message, DETAIL, parameters or statement."""
    try:
        yield
    except adbc_driver_manager.Error as error:
        raise _mapped(error, relation) from None


def _mapped(error: adbc_driver_manager.Error, relation: str) -> DatabaseBusy | DatabaseError:
    state = error.sqlstate or ""
    facts = {"sqlstate": state or "none", "relation": relation}
    for name, value in error.details or ():
        if name.decode() in DIAGNOSTICS:
            facts[DIAGNOSTICS[name.decode()]] = value.decode(errors="replace")
    told = ", ".join(f"{name}={value}" for name, value in facts.items() if value)
    is_connection = not state and isinstance(error, adbc_driver_manager.OperationalError)
    if state.startswith(BUSY_STATES) or is_connection:
        return DatabaseBusy(f"The database is not ready ({told}): try again.", **facts)
    return DatabaseError(f"The database refused what the loader sent ({told}).", **facts)
