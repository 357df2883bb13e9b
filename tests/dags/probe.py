"""Reads the DAG files as Airflow does and prints what they are, as JSON.

A program of its own: importing Airflow changes logging and the environment of a whole process.
"""

from __future__ import annotations

import inspect
import json
import os
import socketserver
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import requests
import responses
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException
from airflow.serialization.decoders import decode_timetable
from airflow.serialization.encoders import encode_timetable
from airflow.timetables.base import TimeRestriction

from p20w.errors import ContractViolation, DatabaseBusy

if TYPE_CHECKING:
    from airflow.sdk import DAG
    from airflow.sdk.bases.timetable import BaseTimetable

MARKED = "Marked Person 1999-09-09"


def first_wait_seconds(timetable: BaseTimetable) -> float | None:
    """How long the scheduler of a new home waits before the first run; None: for ever."""
    known_to_scheduler = decode_timetable(json.loads(json.dumps(encode_timetable(timetable))))
    now = datetime.now(UTC)
    first = known_to_scheduler.next_dagrun_info(
        last_automated_data_interval=None, restriction=TimeRestriction(None, None, catchup=False)
    )
    return None if first is None else (first.run_after - now).total_seconds()


def describe_task(task: BaseOperator) -> dict[str, Any]:
    call = inspect.unwrap(task.python_callable)
    return {
        "function": inspect.getclosurevars(call).nonlocals.get("function_name", call.__name__),
        "arguments": [str(argument) for argument in task.op_args],
        "downstream": sorted(task.downstream_task_ids),
        "trigger_rule": str(task.trigger_rule.value),
        "retries": task.retries,
        "tells": [callback.__name__ for callback in task.on_failure_callback],
        "is_limited": task.execution_timeout is not None,
        "outlets": [outlet.uri for outlet in task.outlets],
    }


def describe_dag(dag: DAG) -> dict[str, Any]:
    return {
        "doc_md": dag.doc_md,
        "cron": getattr(dag.timetable, "expression", None),
        "timezone": str(getattr(dag.timetable, "timezone", None)),
        "first_wait_seconds": first_wait_seconds(dag.timetable),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "params": {name: param.schema for name, param in dag.params.items()},
        "tasks": {task.task_id: describe_task(task) for task in dag.tasks},
    }


def first_wait_of(cron: str) -> float | None:
    from warehouse_tasks import clock  # noqa: PLC0415 - found once the bag is read

    return first_wait_seconds(clock(cron))


def fail_with(error: Exception) -> dict[str, str]:
    """What Airflow sees when a task's function ends in an error caused by another."""
    from warehouse_tasks import warehouse_task  # noqa: PLC0415 - found once the bag is read

    def fail() -> None:
        try:
            {}[MARKED]
        except KeyError as cause:
            raise error from cause

    try:
        warehouse_task(fail).function()
    except Exception as seen:  # noqa: BLE001 - which class it is, is the question
        text = "".join(traceback.format_exception(seen))
        return {"class": type(seen).__name__, "message": str(seen), "printed": text}
    return {}


def notices() -> dict[str, Any]:
    """What the notifier sends for two errors, and whether a dead webhook makes a second failure."""
    from notify import mail_notice, post_notice, tell, write_notice  # noqa: PLC0415 - as above

    instance = SimpleNamespace(dag_id="nightly", task_id="audit", run_id="manual__1", try_number=2)
    ours = {"task_instance": instance, "exception": AirflowFailException(f"GateBlocked: {MARKED}")}
    other = {"task_instance": instance, "exception": RuntimeError(MARKED)}
    with responses.RequestsMock() as mock:
        mock.post("http://notices.example.org/hook", status=200)
        tell(ours)
        posted = json.loads(mock.calls[0].request.body)
    with responses.RequestsMock() as mock:
        mock.post("http://notices.example.org/hook", body=requests.ConnectionError())
        post_notice("http://notices.example.org/hook", write_notice(ours))
    with MailServer() as server:
        mail_notice("steward@example.org", write_notice(ours))
    mail_notice("steward@example.org", write_notice(ours))
    return {"posted": posted, "other": write_notice(other), "mailed": server.mail}


class MailServer(socketserver.TCPServer):
    """Takes one mail, as far as SMTP needs it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailSession)
        self.mail = ""
        self._thread = threading.Thread(target=self.handle_request)

    def __enter__(self) -> Self:
        connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": self.server_address[1]}
        extra = {"disable_ssl": True, "disable_tls": True, "from_email": "p20w@example.org"}
        os.environ["AIRFLOW_CONN_SMTP_DEFAULT"] = json.dumps(connection | {"extra": extra})
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.join()
        self.server_close()


class MailSession(socketserver.StreamRequestHandler):
    """One conversation with a sender."""

    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while (line := self.rfile.readline().strip().upper()) != b"DATA":
            self.wfile.write(b"221 bye\r\n" if line == b"QUIT" else b"250 well\r\n")
        self.wfile.write(b"354 go on\r\n")
        self.server.mail = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
        self.wfile.write(b"250 taken\r\n")


def main(dags_folder: Path) -> None:
    bag = BundleDagBag(dags_folder, bundle_path=dags_folder, bundle_name="p20w")
    found = {
        "import_errors": bag.import_errors,
        "dags": {name: describe_dag(dag) for name, dag in bag.dags.items()},
        "terminal": fail_with(ContractViolation("wages.csv: expected a, found b")),
        "transient": fail_with(DatabaseBusy("wait a moment")),
        "unforeseen": fail_with(ValueError(MARKED)),
        "notices": notices(),
        "first_wait_of_every_minute": first_wait_of("* * * * *"),
    }
    sys.stdout.write("\n" + json.dumps(found, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
