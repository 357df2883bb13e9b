"""The DAG files as Airflow reads them."""

from __future__ import annotations

import importlib
import inspect
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from p20w.settings import CHECKOUT

DAGS = CHECKOUT / "dags"
CONTRACTS = CHECKOUT / "dbt_project" / "models" / "staging"
NIGHT = [
    ("start_run", "p20w.ledger:start_run", "{{ run_id }}"),
    ("build_staging", "p20w.dbt_runner:build", "staging"),
    ("door_staging", "expectations.gate:open_door", "staging"),
    ("resolve_identity", "p20w.identity:resolve", None),
    ("build_core", "p20w.dbt_runner:build", "core"),
    ("door_core", "expectations.gate:open_door", "core"),
    ("build_marts", "p20w.dbt_runner:build", "marts"),
    ("protect", "p20w.release:protect", None),
    ("audit", "p20w.release:audit", None),
    ("door_release", "expectations.gate:open_door", "release"),
    ("publish", "p20w.release:publish", None),
    ("export", "p20w.exports:export", None),
    ("record_success", "p20w.ledger:finish_run", "succeeded"),
]


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh Airflow sees."""
    home = tmp_path_factory.mktemp("airflow")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    own = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "P20W_NOTIFY_WEBHOOK_URL": "http://notices.example.org/hook",
    }
    program = Path(__file__).with_name("probe.py")
    done = subprocess.run(
        [sys.executable, program, DAGS],
        env=kept | own,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def dags(probe: dict[str, Any]) -> dict[str, Any]:
    return dict(probe["dags"])


def contracts() -> dict[str, Any]:
    files = CONTRACTS.glob("*/_*__sources.yml")
    sources = [yaml.safe_load(file.read_text())["sources"][0] for file in files]
    return {source["name"]: source for source in sources}


def tasks_of(dags: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{dag_id}.{task_id}", task)
        for dag_id, dag in dags.items()
        for task_id, task in dag["tasks"].items()
    ]


def test_every_dag_file_can_be_imported(probe: dict[str, Any]) -> None:
    assert probe["import_errors"] == {}


def test_each_contract_has_its_ingest_dag_and_nothing_else_is_there(dags: dict[str, Any]) -> None:
    expected = {f"ingest_{name}" for name in contracts()}

    assert expected
    assert set(dags) == expected | {"nightly", "rollback_release", "upkeep"}


def test_every_dag_says_its_purpose_what_a_failure_means_and_what_to_do(
    dags: dict[str, Any],
) -> None:
    for dag_id, dag in dags.items():
        parts = str(dag["doc_md"]).split("## ")
        texts = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts[1:]}
        calendar = ["Release calendar"] if dag_id.startswith("ingest_") else []
        expected = ["Purpose", *calendar, "What a failure means", "What to do"]
        assert list(texts) == expected, dag_id
        assert all(len(text) > 80 for text in texts.values()), dag_id


def test_no_dag_catches_up_or_overlaps_itself(dags: dict[str, Any]) -> None:
    for dag_id, dag in dags.items():
        assert (dag["catchup"], dag["max_active_runs"]) == (False, 1), dag_id


def test_new_home_waits_for_the_next_time_and_runs_no_past_one(probe: dict[str, Any]) -> None:
    for dag_id, dag in probe["dags"].items():
        waits = dag["first_wait_seconds"]
        assert waits is None if dag_id == "rollback_release" else waits > 0, dag_id
    # The last full minute is always less than a minute ago: Airflow's default would run it.
    assert 0 < probe["first_wait_of_every_minute"] <= 60


def test_ingest_dags_keep_the_calendar_of_their_contract(dags: dict[str, Any]) -> None:
    for name, contract in contracts().items():
        dag = dags[f"ingest_{name}"]
        assert dag["cron"] == contract["config"]["meta"]["schedule"], name
        assert dag["timezone"] == "America/Chicago", name


def test_an_ingest_dag_shows_its_release_calendar(dags: dict[str, Any]) -> None:
    for name, contract in contracts().items():
        meta = contract["config"]["meta"]
        text = str(dags[f"ingest_{name}"]["doc_md"]).split("## Release calendar")[1]
        assert f"(`{meta['schedule']}`)" in text, name
        assert f"within {meta['freshness_days']} days" in text, name
        assert meta["landing_page"] in text, name
        assert f"Released: {meta['release_calendar']}" in text, name
    assert "Asked every Wednesday at 06:30" in str(dags["ingest_bls_ces"]["doc_md"])


def test_night_starts_at_two_in_chicago_and_rollback_only_by_hand(dags: dict[str, Any]) -> None:
    assert (dags["nightly"]["cron"], dags["nightly"]["timezone"]) == (
        "0 2 * * *",
        "America/Chicago",
    )
    assert dags["rollback_release"]["cron"] is None


def test_night_takes_its_steps_in_order(dags: dict[str, Any]) -> None:
    tasks = dags["nightly"]["tasks"]
    seen = []
    for task_id, _, _ in NIGHT:
        arguments = tasks[task_id]["arguments"]
        plain = [text for text in arguments if "start_run" not in text]
        seen.append((task_id, tasks[task_id]["function"], plain[0] if plain else None))

    assert seen == NIGHT
    assert set(tasks) == {task_id for task_id, _, _ in NIGHT} | {"record_failure"}
    for (earlier, _, _), (later, _, _) in itertools.pairwise(NIGHT):
        assert later in tasks[earlier]["downstream"], (earlier, later)


def test_any_failed_step_leads_to_the_record_of_the_failure(dags: dict[str, Any]) -> None:
    tasks = dags["nightly"]["tasks"]
    leading = {name for name, task in tasks.items() if "record_failure" in task["downstream"]}

    assert leading == {task_id for task_id, _, _ in NIGHT[:-1]}
    assert tasks["record_failure"]["trigger_rule"] == "one_failed"
    assert tasks["record_failure"]["arguments"][1:] == ["failed"]
    assert {tasks[task_id]["trigger_rule"] for task_id, _, _ in NIGHT} == {"all_success"}


def test_every_step_calls_a_function_that_takes_the_settings_first(dags: dict[str, Any]) -> None:
    names = {task["function"] for _, task in tasks_of(dags) if ":" in task["function"]}
    assert len(names) >= 9
    for name in names:
        module, _, function = name.partition(":")
        called = getattr(importlib.import_module(module), function)
        assert next(iter(inspect.signature(called).parameters)) == "settings", name


def test_every_task_is_tried_again_limited_and_told_about(dags: dict[str, Any]) -> None:
    for name, task in tasks_of(dags):
        assert task["retries"] >= 1, name
        assert task["is_limited"], name
        assert task["tells"] == ["tell"], name


def test_consumers_find_an_asset_per_source_and_one_of_the_marts(dags: dict[str, Any]) -> None:
    outlets = {uri for _, task in tasks_of(dags) for uri in task["outlets"]}

    assert outlets == {f"p20w://raw/{name}" for name in contracts()} | {"p20w://published/marts"}


def test_rollback_demands_a_reason(dags: dict[str, Any]) -> None:
    params = dags["rollback_release"]["params"]

    assert params["reason"]["type"] == "string"
    assert params["reason"]["minLength"] > 0
    assert params["release_id"]["type"] == ["null", "integer"]


def test_rollback_takes_the_files_back_once_the_pointer_has_moved(dags: dict[str, Any]) -> None:
    tasks = dags["rollback_release"]["tasks"]

    assert set(tasks) == {"roll_back", "export_current"}
    assert tasks["roll_back"]["downstream"] == ["export_current"]
    assert tasks["export_current"]["function"] == "p20w.exports:export_current"


def test_terminal_error_fails_at_once_with_its_message_and_no_cause(probe: dict[str, Any]) -> None:
    seen = probe["terminal"]

    assert seen["class"] == "AirflowFailException"
    assert seen["message"] == "ContractViolation: wages.csv: expected a, found b"
    assert "Marked Person" not in seen["printed"]


def test_transient_error_stays_an_ordinary_failure_without_its_cause(probe: dict[str, Any]) -> None:
    seen = probe["transient"]

    assert (seen["class"], seen["message"]) == ("DatabaseBusy", "wait a moment")
    assert "Marked Person" not in seen["printed"]


def test_unforeseen_error_is_told_by_class_and_place_only(probe: dict[str, Any]) -> None:
    seen = probe["unforeseen"]

    assert seen["class"] == "RuntimeError"
    assert "Unforeseen ValueError at" in seen["message"]
    assert "probe.py:" in seen["message"]
    assert "Marked Person" not in seen["printed"]


def test_notice_names_who_failed_and_never_the_text_of_the_error(probe: dict[str, Any]) -> None:
    posted = probe["notices"]["posted"]

    assert {name: posted[name] for name in ("dag", "task", "run", "try", "error")} == {
        "dag": "nightly",
        "task": "audit",
        "run": "manual__1",
        "try": 2,
        "error": "GateBlocked",
    }
    assert probe["notices"]["other"]["error"] == "RuntimeError"
    assert "To: steward@example.org" in probe["notices"]["mailed"]
    assert "Subject: nightly.audit failed: GateBlocked" in probe["notices"]["mailed"]
    assert "Marked Person" not in json.dumps(probe["notices"])


def test_dag_files_stay_thin() -> None:
    lengths = {file.name: len(file.read_text().splitlines()) for file in DAGS.glob("*.py")}

    assert {name for name, length in lengths.items() if length > 100} == set()
