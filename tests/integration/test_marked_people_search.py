"""The search for marked people finds a mark in every place and in every form it could have."""

from __future__ import annotations

import base64
import gzip
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet
import pytest

from p20w.embedded_postgres import EmbeddedPostgres
from p20w.postgres import connect
from p20w.settings import Settings
from tests.integration.marked_people import (
    BIRTH_DATE,
    MARKS,
    ONE,
    Search,
    ServerLog,
    lay_traps,
    owner,
    read_trap,
    watch,
    write_trap,
    written,
)

pytestmark = pytest.mark.integration

MARKED = Search(MARKS)
NAME = ONE.last_name


@pytest.mark.parametrize(
    "content",
    [
        f"Dear {NAME},",
        NAME.upper(),
        f"born {BIRTH_DATE}",
        "datetime.date(1999, 12, 29)",
        ONE.student_id,
        f"_{ONE.request_id}".upper(),
        f"Dear {NAME},".encode().hex(),
        f"dear {NAME.lower()},".encode().hex().upper(),
        *(
            base64.b64encode(b"-" * before + NAME.encode() + b", dear").decode()
            for before in (3, 4, 5)
        ),
    ],
)
def test_a_mark_is_found_in_any_form(content: str) -> None:
    assert MARKED.finds(content)


@pytest.mark.parametrize(
    "content", ["", "Zyzx", "7700419", "1999-12-28", base64.b64encode(bytes(99))]
)
def test_what_is_no_mark_is_not_found(content: str | bytes) -> None:
    assert not MARKED.finds(content)


def fail_with(error: Exception) -> None:
    raise error


def fail_because_of(cause: Exception) -> None:
    try:
        raise cause
    except type(cause) as caught:
        raise RuntimeError("no name") from caught


@pytest.mark.parametrize(
    "call",
    [
        lambda: sys.stdout.write(NAME),
        lambda: sys.stderr.write(NAME),
        lambda: os.write(1, NAME.encode()),
        lambda: os.write(2, NAME.encode()),
        lambda: logging.getLogger("anywhere").debug("read %s", NAME),
        lambda: fail_with(ValueError(NAME)),
        lambda: fail_because_of(ValueError(NAME)),
    ],
    ids=["stdout", "stderr", "descriptor 1", "descriptor 2", "log", "error", "cause"],
)
def test_what_a_call_tells_is_watched(call: Callable[[], object]) -> None:
    told = watch(call)

    assert MARKED.finds(told.text)


def test_a_call_that_tells_nothing_is_silent() -> None:
    assert not MARKED.finds(watch(lambda: None).text)


def plant(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pa.table({"name": [NAME]}), path, compression="zstd")
    elif path.suffix == ".gz":
        path.write_bytes(gzip.compress(NAME.encode()))
    else:
        path.write_text(NAME)


@pytest.fixture
def server_log(settings: Settings, session_home: Path) -> ServerLog:
    assert settings.database_url is not None  # the clone of the session's own server
    return ServerLog.from_now(EmbeddedPostgres(session_home, durable=False).log)


def places(settings: Settings, server_log: ServerLog) -> list[str]:
    return [name for name, content in written(settings, server_log) if MARKED.finds(content)]


@pytest.mark.parametrize(
    "place",
    [
        "notes.txt",
        "dbt/run_results.json",
        "dbt/compiled/model.sql",
        "data_docs/.builds/staging-1/index.html",
        "exports/public/release_1/mart.parquet",
        "exports/restricted/release_1/mart.csv",
        "airflow/logs/task.log",
        "airflow/logs/task.log.gz",
    ],
)
def test_a_mark_in_a_file_of_the_home_is_found(
    settings: Settings, server_log: ServerLog, place: str
) -> None:
    plant(settings.home / place)

    assert places(settings, server_log) == [place]


@pytest.mark.parametrize("place", ["landing/nsc/r/a.csv", "work/x.csv", "postgres/data/base/1"])
def test_the_restricted_folders_are_not_searched(
    settings: Settings, server_log: ServerLog, place: str
) -> None:
    plant(settings.home / place)

    assert places(settings, server_log) == []


def test_a_mark_in_the_ledger_is_found(settings: Settings, server_log: ServerLog) -> None:
    owner(
        settings,
        "insert into ops.publication_hold (reason, set_by, set_at)"
        f" values ('{NAME} asked', 'me', now())",
    )

    assert places(settings, server_log) == ["ops.publication_hold"]


def test_a_mark_in_the_servers_log_is_found(settings: Settings, server_log: ServerLog) -> None:
    with (
        pytest.raises(psycopg.Error),
        psycopg.connect(settings.database_url or "") as connection,
    ):
        connection.execute("set log_min_messages = error")
        connection.execute(f"select cast('{NAME}' as integer)")

    assert places(settings, server_log) == ["server.log"]


@pytest.mark.parametrize("kind", ["tell", "cast_text"])
def test_a_read_trap_shows_the_row_to_whoever_reads_it(settings: Settings, kind: str) -> None:
    lay_traps(settings)
    owner(settings, f"create table core.probe as select '{NAME}'::text as name")
    owner(settings, "grant select on core.probe to p20w_checker")

    with read_trap(settings, "core", "probe", kind), pytest.raises(psycopg.Error, match=NAME):
        read_as_checker(settings)

    assert read_as_checker(settings) == (NAME,)


def read_as_checker(settings: Settings) -> object:
    """Past our own mapping of errors: what the server says."""
    with psycopg.connect(settings.database_url or "") as connection:
        connection.execute("set role p20w_checker")
        return connection.execute("select name from core.probe").fetchone()


def test_a_write_trap_shows_the_row_to_whoever_writes_it(settings: Settings) -> None:
    lay_traps(settings)

    with (
        write_trap(settings, "core.probe"),
        pytest.raises(psycopg.Error, match=NAME),
        psycopg.connect(settings.database_url or "") as connection,
    ):
        connection.execute("create table core.probe (name text)")
        connection.execute("insert into core.probe values (%s)", [NAME])

    with connect(settings, "owner") as connection:
        connection.execute("create table core.probe (name text)")
        connection.execute("insert into core.probe values (%s)", [NAME])
