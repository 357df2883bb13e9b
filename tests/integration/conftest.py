"""A whole night in this process, once a session: the steps that the DAGs call, without Airflow."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from expectations.gate import open_door
from ingestion.ingest import ingest
from ingestion.registry import sources
from p20w import dbt_runner, exports, identity, ledger, release, warehouse
from p20w.embedded_postgres import EmbeddedPostgres, new_password
from p20w.postgres import write_credentials
from p20w.settings import Settings
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import SyntheticState, build_state
from tests.integration.survival import RUN, Survival

STUDENTS = 2_000
FEW_STUDENTS = 600
SEED = 7


@dataclass(frozen=True, slots=True)
class Night:
    """A published night on a small invented Wisconsin, and the truth behind it."""

    settings: Settings
    state: SyntheticState
    server: SyntheticServer
    run_id: int


def ingest_everything(settings: Settings) -> None:
    for source in sources():
        ingest(source.name, settings=settings)


def build_candidates(settings: Settings, run_id: int) -> None:
    """The steps of a night up to the candidate marts."""
    dbt_runner.build(settings, run_id, "staging")
    open_door(settings, run_id, "staging")
    identity.resolve(settings, run_id)
    dbt_runner.build(settings, run_id, "core")
    open_door(settings, run_id, "core")
    dbt_runner.build(settings, run_id, "marts")


def run_night(settings: Settings) -> int:
    """All steps of `dags/nightly.py`, in its order."""
    run_id = ledger.start_run(settings)
    build_candidates(settings, run_id)
    release.protect(settings, run_id)
    release.audit(settings, run_id)
    open_door(settings, run_id, "release")
    release.publish(settings, run_id)
    exports.export(settings, run_id)
    ledger.finish_run(settings, run_id, "succeeded")
    return run_id


@contextmanager
def started_warehouse(home: Path) -> Iterator[Settings]:
    """A running, empty warehouse under a home of its own, with the client of the Ed-Fi host."""
    settings = Settings(home=home, _env_file=None)
    server = EmbeddedPostgres(home, durable=False)
    password = new_password()
    write_credentials(home, {"postgres": password})
    server.start(password)
    warehouse.initialise(settings, [source.name for source in sources()])
    (home / "credentials").mkdir(mode=0o700)
    client = home / "credentials" / "edfi.json"
    client.touch(mode=0o600)
    client.write_text(json.dumps({"client_id": "synthetic", "client_secret": "synthetic-secret"}))
    try:
        yield settings
    finally:
        server.stop()
        if server.is_elsewhere:
            shutil.rmtree(server.folder)


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    state = build_state(STUDENTS, SEED)
    with (
        started_warehouse(tmp_path_factory.mktemp("night") / "home") as settings,
        SyntheticServer(state) as wisconsin,
        pytest.MonkeyPatch.context() as patch,
    ):
        for source in sources():
            patch.setenv(f"P20W_{source.name.upper()}_URL", wisconsin.source_url(source.name))
        patch.setenv("DO_NOT_TRACK", "1")
        ingest_everything(settings)
        yield Night(settings, state, wisconsin, run_night(settings))


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survival]:
    """A night with copies of its database on the way."""
    with (
        started_warehouse(tmp_path_factory.mktemp("survival") / "home") as settings,
        SyntheticServer(build_state(FEW_STUDENTS, SEED)) as wisconsin,
        pytest.MonkeyPatch.context() as patch,
    ):
        for source in sources():
            patch.setenv(f"P20W_{source.name.upper()}_URL", wisconsin.source_url(source.name))
        patch.setenv("DO_NOT_TRACK", "1")
        ingest_everything(settings)
        survival = Survival(settings, EmbeddedPostgres(settings.home, durable=False))
        _run_night_keeping(survival)
        yield survival


def _run_night_keeping(survival: Survival) -> None:
    settings = survival.settings
    assert ledger.start_run(settings) == RUN
    dbt_runner.build(settings, RUN, "staging")
    open_door(settings, RUN, "staging")
    identity.resolve(settings, RUN)
    survival.keep("linked", "staging", "identity")
    dbt_runner.build(settings, RUN, "core")
    open_door(settings, RUN, "core")
    survival.keep("checked", "core")
    dbt_runner.build(settings, RUN, "marts")
    survival.keep("counted", "candidate")
    release.protect(settings, RUN)
    release.audit(settings, RUN)
    open_door(settings, RUN, "release")
    survival.keep("audited", f"release_{RUN}", f"release_{RUN}_true")
    release.publish(settings, RUN)
    exports.export(settings, RUN)
    ledger.finish_run(settings, RUN, "succeeded")
    survival.keep("published", "marts", "accountability")
