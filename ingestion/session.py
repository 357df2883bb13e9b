"""The loader's one connection: rows in, one transaction, errors without rows.

Flow: rows of `binary_copy` -> COPY -> PostgreSQL. PostgreSQL's DETAIL prints whole rows, so every
error leaves here as SQLSTATE and relation only.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.copy import LibpqWriter

from ingestion.binary_copy import HEADER, TRAILER
from p20w.postgres import database_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

logger = logging.getLogger(__name__)
MESSAGE_BYTES = 256 << 10
"""The server takes in a message whole before its first row: one that fits a processor's cache."""


class Session:
    """A transaction on one connection: statements with `$1` parameters, and COPY."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def rows(
        self, statement: LiteralString | sql.Composed, *parameters: object
    ) -> list[tuple[Any, ...]]:
        """Run a statement and fetch what it returns."""
        with database_errors(), self._connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def copy(
        self, schema: str, table: str, columns: Sequence[str], rows: Iterable[memoryview]
    ) -> int:
        """Append rows to a table; returns how many the server took.

        Args:
            schema: The table's schema.
            table: The table.
            columns: Its columns, in the order in which the rows have them.
            rows: What `binary_copy.encode` makes; an error in there is raised here as it is.
        """
        statement = sql.SQL("copy {} ({}) from stdin with (format binary)").format(
            sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with database_errors(f"{schema}.{table}"), self._connection.cursor() as cursor:
            with cursor.copy(statement, writer=_QuietWriter(cursor)) as copy:
                copy.write(HEADER)
                for some in rows:
                    for begin in range(0, len(some), MESSAGE_BYTES):
                        copy.write(some[begin : begin + MESSAGE_BYTES])
                copy.write(TRAILER)
            return cursor.rowcount

    def commit(self) -> None:
        """Commit; the caller still re-reads, because only the manifest's row says it is there."""
        with database_errors():
            self._connection.commit()


@contextmanager
def transaction(dsn: str) -> Iterator[Session]:
    """Connect; what is not committed inside is rolled back, whatever happens.

    Raises:
        DatabaseBusy: Try again later.
        DatabaseError: The server refused a statement.
    """
    with database_errors():
        connection = psycopg.connect(dsn, cursor_factory=psycopg.RawCursor)
    try:
        yield Session(connection)
    finally:
        try:
            connection.rollback()
        except psycopg.Error as error:
            logger.info("rollback impossible error=%s", type(error).__name__)
        connection.close()


class _QuietWriter(LibpqWriter):
    """Ends a COPY that failed without a word of why.

    Psycopg would send the exception's text to the server, which logs it, and would log the
    server's answer, which may be a row.
    """

    def finish(self, exc: BaseException | None = None) -> None:
        if exc is None:
            super().finish()
            return
        with suppress(psycopg.Error):
            super().finish(InterruptedError("the loader stopped"))
