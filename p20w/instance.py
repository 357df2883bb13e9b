"""One instance under its home: database, Airflow, the invented Wisconsin; started, told, stopped.

Flow: settings -> running processes -> `p20w status`. What runs is read from the processes
themselves, never from a file alone: a pid may have become another's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psutil

from ingestion.raw_tables import ensure_all_tables
from p20w import warehouse
from p20w.airflow_services import AirflowServices
from p20w.embedded_postgres import EmbeddedPostgres
from p20w.errors import ConfigurationError, P20WError
from p20w.postgres import dsn
from p20w.release import current_release
from p20w.settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from p20w.settings import Settings

SYNTHETIC_START_SECONDS = 300.0


def airflow_services(settings: Settings, extra: dict[str, str] | None = None) -> AirflowServices:
    """The Airflow of this home, its tasks told where the warehouse is."""
    told = {"P20W_HOME": str(settings.home.absolute()), **(extra or {})}
    metadata = warehouse.airflow_address(settings).url("postgresql+psycopg2")
    return AirflowServices(settings.home, CHECKOUT / "dags", metadata, told)


def up(
    settings: Settings,
    sources: Iterable[str],
    *,
    with_airflow: bool,
    progress: Callable[[str], None],
    extra: dict[str, str] | None = None,
) -> None:
    """Start the database, make the warehouse, and start Airflow unless told not to.

    Args:
        settings: Where.
        sources: Stems of the registered sources.
        with_airflow: Whether to start Airflow too.
        progress: Told in a few words what happens.
        extra: More variables for Airflow's tasks.
    """
    progress("starting PostgreSQL")
    warehouse.start(settings)
    progress("making roles, schemas and the ledger")
    warehouse.initialise(settings, sources)
    ensure_all_tables(settings)
    if with_airflow:
        if settings.database_url is not None:
            progress("making Airflow's database on the server")
            warehouse.prepare_airflow(settings)
        services = airflow_services(settings, extra)
        progress("preparing Airflow's metadata (once, about 15 s)")
        services.initialise()
        services.start()
        services.wait_healthy(progress=progress)


def down(settings: Settings) -> None:
    """Stop Airflow, the invented Wisconsin and the embedded database; safe when nothing runs."""
    if not settings.home.exists():
        return
    # Also after a start that went wrong half-way: what is stopped needs no address.
    AirflowServices(settings.home, CHECKOUT / "dags", "", {}).stop()
    SyntheticWisconsin(settings).stop()
    if settings.database_url is None:
        EmbeddedPostgres(settings.home, settings.server_user).stop()


class SyntheticWisconsin:
    """The server of the invented Wisconsin as a process of this home."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.home.absolute() / "synthetic"
        self._port_file = self._folder / "port"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self, sources: Iterable[str]) -> dict[str, str]:
        """Start it unless it runs; return the `P20W_<SOURCE>_URL` of each source.

        Raises:
            ConfigurationError: It ended or did not answer in time; with its log.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        port = self._port()
        if port is None:
            port = self._launch()
        return {
            f"P20W_{source.upper()}_URL": f"http://127.0.0.1:{port}/{source}" for source in sources
        }

    def stop(self) -> bool:
        """Stop it; False when it did not run."""
        process = self._process()
        if process is not None:
            process.terminate()
            _, alive = psutil.wait_procs([process], timeout=5)
            for stubborn in alive:
                stubborn.kill()
        if self._child is not None:
            self._child.wait()
        return process is not None

    def _port(self) -> int | None:
        if self._process() is None or not self._port_file.exists():
            return None
        return int(self._port_file.read_text())

    def _process(self) -> psutil.Process | None:
        """Known by its command line: a written pid may be another's, and start times drift."""
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if (
                    str(self._port_file) in process.cmdline()
                    and process.status() != psutil.STATUS_ZOMBIE
                ):
                    return process
        return None

    def _launch(self) -> int:
        self._port_file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "p20w.synthetic.server", "--port", "0"]
        command += ["--students", str(self._settings.synthetic_students)]
        command += [
            "--seed",
            str(self._settings.synthetic_seed),
            "--port-file",
            str(self._port_file),
        ]
        log = self._folder / "server.log"
        with log.open("ab") as out:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self._child = child
        deadline = time.monotonic() + SYNTHETIC_START_SECONDS
        while not (self._port_file.exists() and self._port_file.read_text().strip()):
            if child.poll() is not None or time.monotonic() > deadline:
                raise ConfigurationError(f"The invented Wisconsin did not start: see {log}")
            time.sleep(0.1)
        return int(self._port_file.read_text())


def status(settings: Settings) -> dict[str, Any]:
    """What runs and where, with logins: the owner's eyes only.

    Returns:
        home, warehouse (running, dsns), airflow (url, user, password, services), release,
        data_docs, exports. A part that does not exist yet is None.
    """
    told: dict[str, Any] = {
        "home": str(settings.home.absolute()),
        "warehouse": {"running": False},
        "airflow": {"url": None, "user": None, "password": None, "services": {}},
        "release": {"id": None, "published_at": None},
        "data_docs": _existing(settings.home / "data_docs" / "index.html"),
        "exports": _existing(settings.home / "exports"),
    }
    if not _runs(settings):
        return told
    told["warehouse"] = {
        "running": True,
        "reader_dsn": dsn(settings, "bi_reader"),
        "accountability_dsn": dsn(settings, "accountability_reader"),
        "admin_dsn": dsn(settings, "owner"),
    }
    services = airflow_services(settings)
    told["airflow"] = {
        "url": services.url,
        "user": "admin" if services.password else None,
        "password": services.password,
        "services": {one.name: one.pid is not None for one in services.status()},
    }
    release = current_release(settings)
    if release is not None:
        told["release"] = {
            "id": release.release_id,
            "published_at": release.published_at.isoformat(),
            "synthetic": release.synthetic,
            "cells_total": release.cells_total,
            "cells_printed": release.cells_printed,
        }
    return told


def _runs(settings: Settings) -> bool:
    if settings.database_url is None:
        if not settings.home.exists():
            return False
        if EmbeddedPostgres(settings.home, settings.server_user).port() is None:
            return False
    try:
        dsn(settings, "bi_reader")
    except P20WError:
        return False
    return True


def _existing(path: Path) -> str | None:
    return str(path.absolute()) if path.exists() else None


def remove(settings: Settings) -> None:
    """Remove a stopped home, and the data folder where it had to go outside."""
    server = EmbeddedPostgres(settings.home, settings.server_user)
    if settings.database_url is None and server.is_elsewhere:
        shutil.rmtree(server.folder, ignore_errors=True)
    shutil.rmtree(settings.home)
