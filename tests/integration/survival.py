"""What the tests of survival share: states to go back to, child processes to kill, contents.

A night is run once. At each step the database is copied, so that a test begins right before the
step it breaks, and what it ends with is compared with the night that nobody disturbed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Literal

import psutil
import psycopg
from psycopg import sql

from ingestion.registry import sources
from p20w import warehouse
from p20w.embedded_postgres import EmbeddedPostgres
from p20w.errors import P20WError
from p20w.postgres import EMBEDDED_DATABASE, Role, address, connect, read_credentials
from p20w.settings import Settings

Point = Literal["empty", "linked", "checked", "counted", "audited", "published", "moved"]
Contents = dict[str, str]
RUN = 1
MOVED_RUN = 2
"""The run at the point "moved", in which one student was in another district."""
PATIENCE_SECONDS = 90.0
HELD_UP = (
    "exists (select from pg_stat_activity as holder where holder.application_name = 'test'"
    " and holder.pid = any(pg_blocking_pids(pg_stat_activity.pid)))"
)
READERS: dict[str, Role] = {"marts": "bi_reader", "accountability": "accountability_reader"}
PROCESSES = multiprocessing.get_context("forkserver")
# Imported once and not in each child: they take seconds.
PROCESSES.set_forkserver_preload(
    ["dbt.cli.main", "dbt.adapters.postgres", "ingestion.ingest", "p20w.exports"]
)


@dataclass(frozen=True, slots=True)
class Survival:
    """A warehouse with the states of one undisturbed night to go back to.

    Attributes:
        settings: Where; the database under test is always the home's own.
        server: The server, which a test may kill.
        contents: Hashes of each table that a step wrote in the undisturbed night, by schema.
    """

    settings: Settings
    server: EmbeddedPostgres
    contents: dict[str, Contents] = field(default_factory=dict)

    def keep(self, point: Point, *schemas: str) -> None:
        """Copy the database as it is now, and hash what the steps since the last copy wrote."""
        for schema in schemas:
            self.contents[schema] = contents(self.settings, schema)
        self._copy(EMBEDDED_DATABASE, point)

    def go_back(self, point: Point) -> Settings:
        """Make the database (and the exports) what they were at that point of the night."""
        self.start_server()
        with self._maintenance() as connection:
            name = sql.Identifier(EMBEDDED_DATABASE)
            connection.execute(sql.SQL("drop database {} with (force)").format(name))
        self._copy(point, EMBEDDED_DATABASE)
        warehouse.initialise(self.settings, [source.name for source in sources()])
        shutil.rmtree(self.settings.home / "exports", ignore_errors=True)
        return self.settings

    def start_server(self) -> None:
        """Start the server unless it runs."""
        self.server.start(read_credentials(self.settings.home)["postgres"])

    def _copy(self, origin: str, target: str) -> None:
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(target), sql.Identifier(origin)
                )
            )

    def _maintenance(self) -> psycopg.Connection:
        where = address(self.settings, "owner", "postgres")
        return psycopg.connect(where.url(), autocommit=True)


class Child:
    """A step in a process of its own, as Airflow runs it, with its output in a file."""

    def __init__(self, settings: Settings, step: str, named: dict[str, object]) -> None:
        self._told = settings.home / f"child-{time.monotonic_ns()}.log"
        self._process = PROCESSES.Process(
            target=_run_step, args=(step, settings, named, self._told)
        )
        self._process.start()

    @property
    def told(self) -> str:
        """What it has printed and what ended it, in one line of single spaces."""
        return " ".join(self._told.read_text().split()) if self._told.exists() else "(nothing)"

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def wait(self) -> int | None:
        """Wait for its own end; return its exit code."""
        self._process.join(PATIENCE_SECONDS)
        return self._process.exitcode

    def kill(self) -> None:
        """`kill -9`, and see that nothing it had started stays."""
        assert self.is_alive(), self.told
        family = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.join(PATIENCE_SECONDS)
        _, alive = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
        assert self._process.exitcode == -signal.SIGKILL
        assert alive == []


@contextmanager
def child(settings: Settings, step: str, **named: object) -> Iterator[Child]:
    """A child that runs `package.module:function` and does not outlive the test."""
    made = Child(settings, step, named)
    try:
        yield made
    finally:
        if made.is_alive():
            made.kill()


def _run_step(step: str, settings: Settings, named: dict[str, object], told: Path) -> None:
    module, _, function = step.partition(":")
    with told.open("wb") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    try:
        getattr(import_module(module), function)(settings=settings, **named)
    except P20WError as error:
        sys.exit(f"{type(error).__name__}: {error}")


def until(condition: Callable[[], object], doing: Child | None = None) -> None:
    """Wait until the condition holds; fail when the child ends before, or patience does."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert doing is None or doing.is_alive(), f"ended too early: {doing.told}"
        assert time.monotonic() < ends, f"never: {doing.told if doing else condition}"
        time.sleep(0.01)


def one(
    settings: Settings, query: str, *parameters: object, role: Role | Literal["owner"] = "owner"
) -> object:
    """The one value of a query."""
    with connect(settings, role, application_name="test") as connection:
        row = connection.execute(query, parameters).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def backends(settings: Settings, condition: str = "true") -> list[int]:
    """Process ids of connections to the warehouse, other than the tests' own."""
    query = (
        "select coalesce(array_agg(pid), '{}') from pg_stat_activity"
        " where datname = current_database() and backend_type = 'client backend'"
        f" and application_name <> 'test' and ({condition})"
    )
    found = one(settings, query)
    assert isinstance(found, list)
    return found


def contents(settings: Settings, schema: str) -> Contents:
    """A hash of all rows of each table (as its reader sees them), whatever their order."""
    with connect(settings, READERS.get(schema, "owner"), application_name="test") as connection:
        names = connection.execute(
            "select relname from pg_class where relnamespace = %s::regnamespace"
            " and relkind in ('r', 'v') order by relname",
            [schema],
        ).fetchall()
        return {
            str(name): str(connection.execute(_hash(schema, str(name))).fetchone())
            for (name,) in names
        }


def _hash(schema: str, table: str) -> sql.Composed:
    return sql.SQL(
        "select count(*), md5(string_agg(md5(cells::text), '' order by md5(cells::text)))"
        " from {} as cells"
    ).format(sql.Identifier(schema, table))


@contextmanager
def held(settings: Settings, statement: str) -> Iterator[psycopg.Connection]:
    """A transaction that holds the statement's locks until it is closed, or its server dies."""
    where = address(settings, "owner")
    connection = psycopg.connect(where.url(), application_name="test")
    try:
        connection.execute(statement)  # type: ignore[arg-type]
        yield connection
    finally:
        connection.close()


def is_held_up(settings: Settings) -> bool:
    """Whether a step waits for a lock that a test holds, rather than briefly for another step's."""
    return bool(backends(settings, HELD_UP))
