"""Fixtures: one embedded PostgreSQL a session, a database cloned from a template per test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql
from xdist.scheduler import LoadFileScheduling

from ingestion.registry import sources
from p20w import dbt_runner, warehouse
from p20w.embedded_postgres import EmbeddedPostgres, new_password
from p20w.postgres import address, credentials_file, write_credentials
from p20w.settings import CHECKOUT, Settings

SHARE_A_NIGHT = ("tests/integration/further_nights", "tests/integration/one_night")
SHARED_DATA = Path(os.environ.get("P20W_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))


class NightScheduling(LoadFileScheduling):
    """Tests that share a night go to one worker, so that it is run once; all others by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return next((folder for folder in SHARE_A_NIGHT if file.startswith(folder)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole nights first: else one worker would end with them while the others wait."""
    items.sort(key=lambda item: not _takes_a_night(item))


def _takes_a_night(item: pytest.Item) -> bool:
    is_by_airflow = item.get_closest_marker("end_to_end") is not None
    return is_by_airflow or "parsed_project" in getattr(item, "fixturenames", ())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> NightScheduling:
    return NightScheduling(config, log)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real public files; they are never part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no real public files at {SHARED_DATA} (P20W_SHARED_DATA names another place)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def parsed_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's parse of the project, made once for all workers; a home may begin with it."""
    ours = tmp_path_factory.getbasetemp()
    home = (ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours) / "parsed"
    parsed = home / "dbt" / dbt_runner.PARSED
    with FileLock(f"{home}.lock"):
        if not parsed.exists():
            home.mkdir()
            dbt_runner.read_manifest(Settings(home=home, _env_file=None))
    return parsed


@pytest.fixture(scope="session")
def session_home() -> Iterator[Path]:
    """A home that the server's account can pass through, also when the tests run as root."""
    home = Path(tempfile.mkdtemp(prefix="p20w-tests-"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def template(session_home: Path) -> Iterator[Settings]:
    """A running server (fsync off: a test's data may be lost) with an initialised warehouse."""
    settings = Settings(home=session_home, _env_file=None)
    server = EmbeddedPostgres(session_home, durable=False)
    password = new_password()
    write_credentials(session_home, {"postgres": password})
    server.start(password)
    warehouse.initialise(settings, [source.name for source in sources()])
    yield settings
    server.stop()


@pytest.fixture
def settings(
    template: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Settings of an empty warehouse of one's own: a clone of the template."""
    name = f"test_{abs(hash(request.node.nodeid)) % 10**12}"
    where = address(template, "owner", "postgres")
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy2(credentials_file(template.home), credentials_file(home))
    with psycopg.connect(where.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template p20w").format(sql.Identifier(name)))
    own = Settings(
        home=home,
        database_url=address(template, "owner", name).url(),
        role_prefix="p20w",
        _env_file=None,
    )
    warehouse.initialise(own, [source.name for source in sources()])
    yield own
    with psycopg.connect(where.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
