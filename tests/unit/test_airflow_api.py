"""The client of Airflow's REST API, against recorded answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
import responses

from p20w.airflow_api import AirflowApi, Change, TaskInstance
from p20w.errors import ConfigurationError, SourceUnavailable, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "http://127.0.0.1:4711"
RUN = f"{URL}/api/v2/dags/nightly/dagRuns/manual__1"


@pytest.fixture
def airflow() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        mock.post(f"{URL}/auth/token", status=201, json={"access_token": "first"})
        yield mock


@pytest.fixture
def api() -> AirflowApi:
    return AirflowApi(URL, "admin", "secret")


def run_answer(state: str) -> dict[str, object]:
    return {"dag_id": "nightly", "dag_run_id": "manual__1", "state": state}


def task_answer(state: str | None, try_number: int = 1) -> dict[str, object]:
    task = {"task_id": "start_run", "state": state, "try_number": try_number}
    if state == "success":
        task |= {"start_date": "2026-11-24T06:00:00Z", "end_date": "2026-11-24T06:00:02.5Z"}
    return {"task_instances": [task]}


def test_trigger_sends_the_parameters_and_returns_the_run(
    airflow: responses.RequestsMock, api: AirflowApi
) -> None:
    airflow.post(
        f"{URL}/api/v2/dags/nightly/dagRuns",
        json=run_answer("queued"),
        match=[
            responses.matchers.json_params_matcher({"logical_date": None, "conf": {"a": 1}}),
            responses.matchers.header_matcher({"Authorization": "Bearer first"}),
        ],
    )

    assert api.trigger("nightly", {"a": 1}) == "manual__1"


def test_watch_tells_each_change_once(airflow: responses.RequestsMock, api: AirflowApi) -> None:
    for run_state, task_state in [
        ("queued", None),
        ("running", "running"),
        ("running", "running"),
        ("success", "success"),
    ]:
        airflow.get(RUN, json=run_answer(run_state))
        airflow.get(f"{RUN}/taskInstances", json=task_answer(task_state))
    told: list[Change] = []

    run = api.watch("nightly", "manual__1", told.append, poll_seconds=0)

    assert run.state == "success"
    assert told == [
        Change("nightly", None, "queued"),
        Change("nightly", "start_run", "running", 1),
        Change("nightly", None, "running"),
        Change("nightly", "start_run", "success", 1, 2.5),
        Change("nightly", None, "success"),
    ]


def test_second_try_of_a_task_is_a_change(airflow: responses.RequestsMock, api: AirflowApi) -> None:
    for run_state, try_number in [("running", 1), ("running", 2), ("failed", 2)]:
        airflow.get(RUN, json=run_answer(run_state))
        airflow.get(f"{RUN}/taskInstances", json=task_answer("running", try_number))
    told: list[Change] = []

    run = api.watch("nightly", "manual__1", told.append, poll_seconds=0)

    assert run.state == "failed"
    assert [change.try_number for change in told if change.task_id] == [1, 2]


def test_watch_gives_up_in_the_end(airflow: responses.RequestsMock, api: AirflowApi) -> None:
    airflow.get(RUN, json=run_answer("running"))
    airflow.get(f"{RUN}/taskInstances", json=task_answer("running"))

    with pytest.raises(ConfigurationError, match="has not ended after 0 s"):
        api.watch("nightly", "manual__1", [].append, timeout_seconds=0)


def test_expired_token_is_renewed(airflow: responses.RequestsMock, api: AirflowApi) -> None:
    airflow.get(RUN, json=run_answer("running"))
    api.run("nightly", "manual__1")
    airflow.replace(responses.POST, f"{URL}/auth/token", status=201, json={"access_token": "next"})
    airflow.get(RUN, status=401)
    airflow.get(RUN, json=run_answer("success"))

    assert api.run("nightly", "manual__1").is_finished
    assert airflow.calls[-1].request.headers["Authorization"] == "Bearer next"


def test_refused_login_is_told_without_the_password(api: AirflowApi) -> None:
    with responses.RequestsMock() as mock:
        mock.post(f"{URL}/auth/token", status=401)

        with pytest.raises(ConfigurationError, match="refused the login admin") as caught:
            api.runs("nightly")

    assert "secret" not in f"{caught.value} {api!r}"


def test_airflow_that_does_not_answer_is_transient(api: AirflowApi) -> None:
    with responses.RequestsMock() as mock:
        mock.post(f"{URL}/auth/token", body=requests.ConnectionError("refused"))

        with pytest.raises(SourceUnavailable, match="does not answer"):
            api.runs("nightly")


def test_refused_request_is_told_with_its_answer(
    airflow: responses.RequestsMock, api: AirflowApi
) -> None:
    airflow.post(f"{URL}/api/v2/dags/nightly/dagRuns", status=409, json={"detail": "paused"})

    with pytest.raises(Terminal, match=r"answered 409 .*paused"):
        api.trigger("nightly")


def test_dag_file_that_cannot_be_imported_is_named(
    airflow: responses.RequestsMock, api: AirflowApi
) -> None:
    trace = "Traceback:\n  somewhere\nRegistryError: no module for source x\n"
    errors = {"import_errors": [{"filename": "ingest_sources.py", "stack_trace": trace}]}
    airflow.get(f"{URL}/api/v2/dags/ingest_x", status=404)
    airflow.get(f"{URL}/api/v2/importErrors", json=errors)

    with pytest.raises(ConfigurationError, match=r"ingest_sources\.py: RegistryError: no module"):
        api.wait_for_dag("ingest_x")


def test_log_holds_the_text_of_an_error_after_its_line(
    airflow: responses.RequestsMock, api: AirflowApi
) -> None:
    content = [
        {"event": "Task failed with exception", "error_detail": [{"exc_value": "expected X"}]},
        {"event": "::endgroup::"},
    ]
    airflow.get(f"{RUN}/taskInstances/start_run/logs/2", json={"content": content})

    lines = api.task_log("nightly", "manual__1", TaskInstance(task_id="start_run", try_number=2))

    assert lines == ["Task failed with exception", "expected X", "::endgroup::"]


def test_failed_task_is_told_with_the_text_of_its_error(
    airflow: responses.RequestsMock, api: AirflowApi
) -> None:
    tasks = [
        {"task_id": "start_run", "state": "success", "try_number": 1},
        {"task_id": "audit", "state": "failed", "try_number": 2},
        {"task_id": "publish", "state": "upstream_failed", "try_number": 0},
    ]
    content = [
        {"event": "::group::Pre Execute"},
        {"event": "Task failed with exception", "error_detail": [{"exc_value": "cell exposed"}]},
        {"event": "::endgroup::"},
    ]
    airflow.get(f"{RUN}/taskInstances", json={"task_instances": tasks})
    airflow.get(f"{RUN}/taskInstances/audit/logs/2", json={"content": content})

    assert api.failures("nightly", "manual__1") == {"audit": "cell exposed"}
