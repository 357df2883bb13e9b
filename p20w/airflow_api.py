"""A client of Airflow's REST API v2: trigger a DAG, watch its run, read who failed and why.

Flow: address and login -> token -> runs and task instances -> state changes for the command line.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import requests
from pydantic import BaseModel, ConfigDict

from p20w.errors import ConfigurationError, SourceUnavailable, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMEOUT_SECONDS = 30.0
UNAUTHORIZED = 401
TOLD_BEFORE_ERROR = "Task failed with exception"
FINISHED_RUN = ("success", "failed")


class DagRun(BaseModel):
    """A run of a DAG."""

    model_config = ConfigDict(frozen=True)

    dag_id: str
    dag_run_id: str
    state: str
    start_date: datetime | None = None
    end_date: datetime | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen in this run."""
        return self.state in FINISHED_RUN


class TaskInstance(BaseModel):
    """A task of a run; `state` is None until the scheduler looks at it."""

    model_config = ConfigDict(frozen=True)

    task_id: str
    state: str | None = None
    try_number: int = 0
    start_date: datetime | None = None
    end_date: datetime | None = None

    @property
    def seconds(self) -> float | None:
        """How long its last try ran, once it has ended."""
        if self.start_date is None or self.end_date is None:
            return None
        return (self.end_date - self.start_date).total_seconds()


@dataclass(frozen=True, slots=True)
class Change:
    """A task, or (with `task_id` None) the run itself, came to another state."""

    dag_id: str
    task_id: str | None
    state: str
    try_number: int = 0
    seconds: float | None = None


@dataclass(slots=True)
class AirflowApi:
    """One login at one Airflow.

    Args:
        url: Address of the API server, without a path.
        user: Login.
        password: Its password.
    """

    url: str
    user: str
    password: str = field(repr=False)
    _token: str | None = field(default=None, repr=False)

    def wait_for_dag(self, dag_id: str, timeout_seconds: float = 120.0) -> None:
        """Wait until the DAG processor has read the DAG's file.

        Raises:
            ConfigurationError: The DAG does not appear, or its file cannot be imported.
        """
        deadline = time.monotonic() + timeout_seconds
        while not self._knows(dag_id):
            problems = self.import_errors()
            if problems:
                raise ConfigurationError(
                    f"DAG files that cannot be imported: {'; '.join(problems)}. Their tracebacks"
                    " are in the UI under `Import Errors`."
                )
            if time.monotonic() > deadline:
                raise ConfigurationError(
                    f"The DAG {dag_id} did not appear within {timeout_seconds:.0f} s; see the log"
                    " of the dag-processor under <home>/airflow/logs."
                )
            time.sleep(0.5)

    def import_errors(self) -> list[str]:
        """DAG files that fail on import, each with the last line of the reason."""
        errors = self._get("importErrors")["import_errors"]
        return [
            f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}"
            for error in errors
        ]

    def trigger(self, dag_id: str, params: Mapping[str, object] | None = None) -> str:
        """Start a run now; return its id.

        Args:
            dag_id: Which DAG.
            params: Values of the DAG's parameters.
        """
        body = {"logical_date": None, "conf": dict(params or {})}
        return str(self._send("POST", f"dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def run(self, dag_id: str, dag_run_id: str) -> DagRun:
        """The present state of a run."""
        return DagRun.model_validate(self._get(f"dags/{dag_id}/dagRuns/{dag_run_id}"))

    def runs(self, dag_id: str, limit: int = 25) -> list[DagRun]:
        """The latest runs of a DAG, newest first."""
        found = self._get(f"dags/{dag_id}/dagRuns?order_by=-run_after&limit={limit}")
        return [DagRun.model_validate(run) for run in found["dag_runs"]]

    def task_instances(self, dag_id: str, dag_run_id: str) -> list[TaskInstance]:
        """The tasks of a run."""
        found = self._get(f"dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances?limit=100")
        return [TaskInstance.model_validate(task) for task in found["task_instances"]]

    def task_log(self, dag_id: str, dag_run_id: str, task: TaskInstance) -> list[str]:
        """The messages of a task's last try, an error's text after the line that tells of it."""
        path = f"dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task.task_id}/logs"
        content = self._get(f"{path}/{task.try_number}?full_content=true")["content"]
        lines: list[str] = []
        for entry in content:
            lines.append(str(entry["event"]))
            lines += [str(error["exc_value"]) for error in entry.get("error_detail") or []]
        return lines

    def failures(self, dag_id: str, dag_run_id: str) -> dict[str, str]:
        """The failed tasks of a run, each with the text of its error."""
        found = {}
        for task in self.task_instances(dag_id, dag_run_id):
            if task.state == "failed":
                lines = self.task_log(dag_id, dag_run_id, task)
                told = lines.index(TOLD_BEFORE_ERROR) + 1 if TOLD_BEFORE_ERROR in lines else -1
                found[task.task_id] = lines[told] if lines else "(no log)"
        return found

    def watch(
        self,
        dag_id: str,
        dag_run_id: str,
        on_change: Callable[[Change], None],
        timeout_seconds: float = 3600.0,
        poll_seconds: float = 0.5,
    ) -> DagRun:
        """Follow a run until it has ended, telling each change once.

        Returns:
            The finished run, whether it succeeded or failed.

        Raises:
            ConfigurationError: It has not ended in time.
        """
        deadline = time.monotonic() + timeout_seconds
        told: dict[str | None, tuple[str, int]] = {}
        while True:
            run = self.run(dag_id, dag_run_id)
            # The run is read first: once it has ended, its tasks do not change any more.
            for change in self._changes(run):
                seen = (change.state, change.try_number)
                if told.get(change.task_id) != seen:
                    told[change.task_id] = seen
                    on_change(change)
            if run.is_finished:
                return run
            if time.monotonic() > deadline:
                raise ConfigurationError(
                    f"The run {dag_run_id} of {dag_id} has not ended after {timeout_seconds:.0f} s;"
                    f" look at it under {self.url}/dags/{dag_id}."
                )
            time.sleep(poll_seconds)

    def _changes(self, run: DagRun) -> list[Change]:
        tasks = self.task_instances(run.dag_id, run.dag_run_id)
        changes = [
            Change(run.dag_id, task.task_id, task.state, task.try_number, task.seconds)
            for task in sorted(tasks, key=lambda task: (task.start_date is None, task.start_date))
            if task.state is not None
        ]
        return [*changes, Change(run.dag_id, None, run.state)]

    def _knows(self, dag_id: str) -> bool:
        answer = self._request("GET", f"dags/{dag_id}", None)
        return answer.ok

    def _get(self, path: str) -> dict[str, Any]:
        return self._send("GET", path, None)

    def _send(
        self, method: Literal["GET", "POST"], path: str, body: Mapping[str, object] | None
    ) -> dict[str, Any]:
        answer = self._request(method, path, body)
        if not answer.ok:
            raise Terminal(
                f"Airflow answered {answer.status_code} to {method} {path}:"
                f" {answer.text[:500]}. Expected success; `p20w status` shows whether it is well."
            )
        return dict(answer.json())

    def _request(
        self, method: Literal["GET", "POST"], path: str, body: Mapping[str, object] | None
    ) -> requests.Response:
        if self._token is None:
            self._token = self._new_token()
        answer = self._call(method, f"api/v2/{path}", body, self._token)
        if answer.status_code == UNAUTHORIZED:
            self._token = self._new_token()
            answer = self._call(method, f"api/v2/{path}", body, self._token)
        return answer

    def _new_token(self) -> str:
        login = {"username": self.user, "password": self.password}
        answer = self._call("POST", "auth/token", login, None)
        if not answer.ok:
            raise ConfigurationError(
                f"Airflow at {self.url} refused the login {self.user} ({answer.status_code}):"
                " is it the Airflow of this home? `p20w down`, then `p20w up`."
            )
        return str(answer.json()["access_token"])

    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None, token: str | None
    ) -> requests.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        with requests.Session() as session:
            session.trust_env = False  # never through an owner's proxy
            try:
                return session.request(
                    method,
                    f"{self.url}/{path}",
                    json=body,
                    headers=headers,
                    timeout=TIMEOUT_SECONDS,
                )
            except requests.RequestException as error:
                raise SourceUnavailable(
                    f"Airflow at {self.url} does not answer ({type(error).__name__}). Is it up?"
                    " `p20w status` tells."
                ) from error
