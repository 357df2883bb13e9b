"""A real Airflow on an invented Wisconsin: demo, broken source, further nights, rollback."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest
import requests

from ingestion.registry import sources
from p20w.airflow_api import AirflowApi, DagRun
from p20w.errors import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.end_to_end

STUDENTS = "600"


@dataclass(frozen=True)
class Instance:
    """A running home, after `p20w demo`."""

    home: Path
    environment: dict[str, str]
    told: str

    def p20w(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("p20w")), *arguments]
        return subprocess.run(
            command, env=self.environment, cwd="/", capture_output=True, text=True, check=False
        )

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.p20w("status", "--json").stdout))

    def run(self, dag_id: str, **params: object) -> DagRun:
        """Trigger a DAG through the scheduler and wait for its end."""
        return self.api.watch(dag_id, self.api.trigger(dag_id, params), lambda _: None)

    def log(self, run: DagRun, task_id: str) -> str:
        tasks = self.api.task_instances(run.dag_id, run.dag_run_id)
        task = next(task for task in tasks if task.task_id == task_id)
        return "\n".join(self.api.task_log(run.dag_id, run.dag_run_id, task))

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.status()["warehouse"]["admin_dsn"]) as connection:
            return connection.execute(statement).fetchall()

    def hashes(self) -> dict[str, str]:
        """Content hashes of the release that readers see."""
        [(hashes,)] = self.query(
            "select content_hashes from ops.release where release_id ="
            " (select release_id from published.current_release)"
        )
        return dict(hashes)

    @property
    def api(self) -> AirflowApi:
        found = self.status()["airflow"]
        return AirflowApi(found["url"], found["user"], found["password"])

    @property
    def upstream(self) -> str:
        port = (self.home / "synthetic" / "port").read_text().strip()
        return f"http://127.0.0.1:{port}"


def processes_of(home: Path) -> list[str]:
    """Every process that works for the home, by its environment or its command line."""
    found = []
    for process in psutil.process_iter():
        try:
            line, told = " ".join(process.cmdline()), process.environ().get("P20W_HOME", "")
        except psutil.Error:
            continue
        if process.status() != psutil.STATUS_ZOMBIE and str(home) in f"{line} {told}":
            found.append(line[:100])
    return found


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    home = Path(tempfile.mkdtemp(prefix="p20w-e2e-"))
    home.chmod(0o711)
    environment = {name: value for name, value in os.environ.items() if "P20W_" not in name}
    environment |= {"P20W_HOME": str(home), "P20W_SYNTHETIC_STUDENTS": STUDENTS}
    made = Instance(home, environment, "")
    try:
        done = made.p20w("demo")
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        yield Instance(home, environment, done.stdout + done.stderr)
    finally:
        made.p20w("down")
        left = processes_of(home)
        shutil.rmtree(home)
    assert left == []


def test_demo_publishes_every_mart_and_says_how_to_look_at_it(instance: Instance) -> None:
    found = instance.status()
    with psycopg.connect(found["warehouse"]["reader_dsn"]) as connection:
        marts = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        [(rows,)] = connection.execute("select count(*) from marts.release_info").fetchall()

    assert {"release_info", "mart_program_supply"} <= {name for (name,) in marts}
    assert rows >= 1
    for told in (found["airflow"]["url"], found["airflow"]["password"], "Data Docs", "printed"):
        assert told in instance.told


def ingest_crosswalks_without_a_column(instance: Instance) -> DagRun:
    fault = {"path": "^/crosswalks/", "kind": "drop_column", "column": "CIP2020Code"}
    requests.post(f"{instance.upstream}/_faults", json=[fault], timeout=10).raise_for_status()
    try:
        return instance.run("ingest_crosswalks")
    finally:
        requests.delete(f"{instance.upstream}/_faults", timeout=10).raise_for_status()


def test_rollback_without_a_reason_is_refused(instance: Instance) -> None:
    with pytest.raises(Terminal, match="reason"):
        instance.api.trigger("rollback_release")


def test_xcom_carries_ids_only(instance: Instance) -> None:
    with psycopg.connect(
        instance.status()["warehouse"]["admin_dsn"].rpartition("/")[0] + "/airflow"
    ) as connection:
        values = connection.execute("select dag_id, task_id, value from xcom").fetchall()

    assert values
    for dag_id, task_id, value in values:
        # A run's id, a release's id, or the names of source releases.
        assert re.fullmatch(r"[\w.-]+(, [\w.-]+)*", str(value)), f"{dag_id}.{task_id}"


@pytest.mark.several_nights
def test_second_night_on_an_unchanged_upstream_loads_nothing_and_publishes_the_same(
    instance: Instance,
) -> None:
    before = instance.hashes()
    [(loads,)] = instance.query("select count(*) from ops.load")
    requests.delete(f"{instance.upstream}/_requests", timeout=10).raise_for_status()

    for source in sources():
        assert instance.run(f"ingest_{source.name}").state == "success", source.name
    assert instance.run("nightly").state == "success"

    assert instance.hashes() == before
    assert instance.query("select count(*) from ops.load") == [(loads,)]


def test_broken_source_fails_its_own_dag_and_says_what_is_wrong(instance: Instance) -> None:
    broken = ingest_crosswalks_without_a_column(instance)

    assert broken.state == "failed"
    assert "ContractViolation" in instance.log(broken, "ingest")
    assert "CIP2020Code" in instance.log(broken, "ingest")


@pytest.mark.several_nights
def test_a_night_after_a_refused_release_uses_the_one_before(instance: Instance) -> None:
    before = instance.hashes()
    ingest_crosswalks_without_a_column(instance)

    night = instance.run("nightly")

    assert night.state == "success"
    after = instance.hashes()
    assert {name for name in after if after[name] != before.get(name)} <= {"release_info"}
    [(refused,)] = instance.query("select refused_inputs from marts.release_info")
    assert "crosswalks" in refused


@pytest.mark.several_nights
def test_rollback_moves_the_pointer_back_and_holds_later_nights(instance: Instance) -> None:
    earlier = instance.status()["release"]["id"]
    assert instance.run("nightly").state == "success"
    assert instance.status()["release"]["id"] > earlier

    rollback = instance.run("rollback_release", reason="a figure was wrong")
    after_rollback = instance.status()["release"]["id"]
    held = instance.run("nightly")
    after_night = instance.status()["release"]["id"]
    resumed = instance.p20w("releases", "--resume")
    next_night = instance.run("nightly")

    assert rollback.state == "success"
    assert (after_rollback, after_night) == (earlier, earlier)
    assert held.state == "failed"
    assert resumed.returncode == 0
    assert next_night.state == "success"
    assert instance.status()["release"]["id"] > earlier
