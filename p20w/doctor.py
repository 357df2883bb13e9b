"""`p20w doctor`: disk, memory, versions, permissions; each finding with what to do.

Flow: settings + machine -> findings. Looks only; changes nothing.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import psutil

from p20w.embedded_postgres import EmbeddedPostgres, ServerAccount, wheel_binaries
from p20w.errors import P20WError
from p20w.postgres import connect, credentials_file, read_credentials
from p20w.warehouse import check_server, leak_settings, unlogged_readers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from p20w.settings import Settings

GIB = 2**30
DISK_GIB = 5
MEMORY_GIB = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `ok`, `warn` (it may do) or `fail` (it will not), and what to do."""

    subject: str
    state: Literal["ok", "warn", "fail"]
    told: str


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; a finding each, in the order in which things are needed."""
    return [
        _python(),
        *_machine(settings),
        _guarded("server", lambda: _server(settings)),
        _guarded("credentials", lambda: _credentials(settings)),
        *_guarded_many("database", lambda: _database(settings)),
    ]


def _python() -> Finding:
    found = platform.python_version()
    good = (3, 11) <= sys.version_info[:2] < (3, 13)
    return Finding("python", "ok" if good else "fail", f"{found} (3.11 or 3.12 is needed)")


def _machine(settings: Settings) -> Iterator[Finding]:
    folder = settings.home if settings.home.exists() else settings.home.absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / GIB
    yield Finding(
        "disk",
        "ok" if free >= DISK_GIB else "fail",
        f"{free:.0f} GiB free at {folder} ({DISK_GIB} are needed; P20W_HOME moves the home)",
    )
    memory = psutil.virtual_memory().available / GIB
    yield Finding(
        "memory",
        "ok" if memory >= MEMORY_GIB else "warn",
        f"{memory:.1f} GiB available (Airflow and PostgreSQL want {MEMORY_GIB}; close something,"
        " or use `p20w up --no-airflow`)",
    )
    writable = os.access(folder, os.W_OK)
    told = "writable" if writable else f"{folder} is not writable: chown it, or set P20W_HOME"
    yield Finding("home", "ok" if writable else "fail", f"{settings.home}: {told}")


def _server(settings: Settings) -> Finding:
    if settings.database_url is not None:
        return Finding("server", "ok", "an existing server (P20W_DATABASE_URL)")
    wheel_binaries()
    account = ServerAccount.choose(settings.server_user)
    if not settings.home.exists():
        return Finding("server", "ok", "embedded PostgreSQL 18, not started yet (`p20w up`)")
    server = EmbeddedPostgres(settings.home, settings.server_user)
    port = server.port()
    state = f"runs on port {port}" if port else "does not run (`p20w up`)"
    return Finding(
        "server", "ok", f"embedded, account {account.name or 'ours'}, {server.data}, {state}"
    )


def _credentials(settings: Settings) -> Finding:
    found = read_credentials(settings.home) if settings.home.exists() else {}
    if not found:
        return Finding("credentials", "warn", "none yet: `p20w init` or `p20w up` makes them")
    return Finding("credentials", "ok", f"{credentials_file(settings.home)}, mode 600")


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None and (
        not settings.home.exists()
        or EmbeddedPostgres(settings.home, settings.server_user).port() is None
    ):
        return
    check_server(settings)
    with connect(settings, "owner") as connection:
        leaks = leak_settings(connection)
        row = connection.execute("select current_setting('fsync')").fetchone()
        unlogged = unlogged_readers(settings, connection)
    yield Finding(
        "database log",
        "fail" if leaks else "ok",
        f"prints rows: {', '.join(leaks)}" if leaks else "keeps rows out of the server's log",
    )
    yield _reads_of_true_figures(unlogged)
    durable = row is not None and row[0] == "on"
    yield Finding(
        "durability",
        "ok" if durable else "fail",
        "fsync on"
        if durable
        else "fsync is off: data"
        " would be lost with the power. Turn it on in postgresql.conf and restart the server.",
    )


def _reads_of_true_figures(unlogged: list[str]) -> Finding:
    subject = "reads of true figures"
    if not unlogged:
        return Finding(subject, "ok", "every login that may read accountability is logged")
    mend = "; ".join(f"alter role \"{name}\" set log_statement = 'all'" for name in unlogged)
    return Finding(subject, "fail", f"not logged: {', '.join(unlogged)}. As the owner run: {mend}")


def _guarded(subject: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except P20WError as error:
        return Finding(subject, "fail", str(error))


def _guarded_many(subject: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except P20WError as error:
        return [Finding(subject, "fail", str(error))]
