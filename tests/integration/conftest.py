"""A whole night in this process, once a session: the steps that the DAGs call, without Airflow."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import forkserver
from pathlib import Path

import pytest

from ingestion.ingest import ingest
from ingestion.raw_tables import ensure_all_tables
from ingestion.registry import sources
from p20w import ledger, warehouse
from p20w.dbt_runner import target_folder
from p20w.embedded_postgres import EmbeddedPostgres, new_password
from p20w.night import STEPS
from p20w.postgres import connect, write_credentials
from p20w.private_files import write_private
from p20w.settings import Settings
from p20w.synthetic.changes import move_one_student
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import SyntheticState, build_state
from tests.integration.survival import RUN, Point, Survival

STUDENTS = 1_000
FEW_STUDENTS = 600
SEED = 7
WITH_PEOPLE = ("crosswalks", "edfi", "ipeds", "nsc")
"""What figures of students are made of; the labor market's sources take as long again."""

KEPT_AFTER: dict[str, tuple[Point, list[str]]] = {
    "resolve_identity": ("linked", ["staging", "identity"]),
    "door_core": ("checked", ["core"]),
    "build_marts": ("counted", ["candidate"]),
    "door_release": ("audited", [f"release_{RUN}", f"release_{RUN}_true"]),
}


@dataclass(frozen=True, slots=True)
class Night:
    """A published night on a small invented Wisconsin, and the truth behind it."""

    settings: Settings
    state: SyntheticState
    server: SyntheticServer
    run_id: int


def ingest_all(settings: Settings, names: Iterable[str]) -> None:
    for name in names:
        ingest(name, settings=settings)


def received(settings: Settings, release: str, day: date) -> None:
    """Let a release have come on another day than today."""
    with connect(settings, "owner") as connection:
        connection.execute(
            "update ops.landed_file set retrieved_at = %s where source_release_id ="
            " (select source_release_id from ops.source_release where release = %s)",
            [day, release],
        )


def run_steps(settings: Settings, run_id: int, first: str, last: str) -> None:
    """The night's steps from one to another, both with."""
    names = [step.name for step in STEPS]
    for step in STEPS[names.index(first) : names.index(last) + 1]:
        step.run(settings, run_id)


def run_night(settings: Settings) -> int:
    run_id = ledger.start_run(settings)
    run_steps(settings, run_id, "build_staging", "export")
    ledger.finish_run(settings, run_id, "succeeded")
    return run_id


@contextmanager
def started_warehouse(home: Path, parsed_project: Path) -> Iterator[Settings]:
    """A running, empty warehouse under a home of its own, with the client of the Ed-Fi host."""
    settings = Settings(home=home, _env_file=None)
    server = EmbeddedPostgres(home, durable=False)
    password = new_password()
    write_credentials(home, {"postgres": password})
    server.start(password)
    warehouse.initialise(settings, [source.name for source in sources()])
    ensure_all_tables(settings)
    shutil.copy2(parsed_project, target_folder(settings))
    (home / "credentials").mkdir(mode=0o700)
    write_private(
        home / "credentials" / "edfi.json",
        {"client_id": "synthetic", "client_secret": "synthetic-secret"},
    )
    try:
        yield settings
    finally:
        server.stop()
        if server.is_elsewhere:
            shutil.rmtree(server.folder)


@pytest.fixture(scope="session", autouse=True)
def _children_end_first() -> Iterator[None]:
    yield
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # its own end takes its time


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory, parsed_project: Path) -> Iterator[Night]:
    state = build_state(STUDENTS, SEED)
    with (
        started_warehouse(tmp_path_factory.mktemp("night") / "home", parsed_project) as settings,
        SyntheticServer(state) as wisconsin,
        pytest.MonkeyPatch.context() as patch,
    ):
        for source in sources():
            patch.setenv(f"P20W_{source.name.upper()}_URL", wisconsin.source_url(source.name))
        patch.setenv("DO_NOT_TRACK", "1")
        ingest_all(settings, [source.name for source in sources()])
        yield Night(settings, state, wisconsin, run_night(settings))


@pytest.fixture(scope="session")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, parsed_project: Path
) -> Iterator[Survival]:
    """A night with copies of its database on the way."""
    with (
        started_warehouse(tmp_path_factory.mktemp("survival") / "home", parsed_project) as settings,
        SyntheticServer(build_state(FEW_STUDENTS, SEED)) as wisconsin,
        pytest.MonkeyPatch.context() as patch,
    ):
        for source in sources():
            patch.setenv(f"P20W_{source.name.upper()}_URL", wisconsin.source_url(source.name))
        patch.setenv("DO_NOT_TRACK", "1")
        ingest_all(settings, WITH_PEOPLE)
        survival = Survival(settings, EmbeddedPostgres(settings.home, durable=False))
        _run_night_keeping(survival)
        yield survival


@pytest.fixture(scope="session")
def moved(undisturbed: Survival) -> Survival:
    """At the point "moved" a second run has counted: one student was in another district."""
    settings = undisturbed.go_back("published")
    state = move_one_student(build_state(FEW_STUDENTS, SEED))
    with SyntheticServer(state) as wisconsin, pytest.MonkeyPatch.context() as patch:
        patch.setenv("P20W_EDFI_URL", wisconsin.source_url("edfi"))
        assert ingest("edfi", settings=settings).state == "loaded"
    run_steps(settings, ledger.start_run(settings), "build_staging", "build_marts")
    undisturbed.keep("moved")
    return undisturbed


def _run_night_keeping(survival: Survival) -> None:
    settings = survival.settings
    assert ledger.start_run(settings) == RUN
    for step in STEPS:
        step.run(settings, RUN)
        if step.name in KEPT_AFTER:
            point, schemas = KEPT_AFTER[step.name]
            survival.keep(point, *schemas)
    ledger.finish_run(settings, RUN, "succeeded")
    survival.keep("published", "marts", "accountability")
