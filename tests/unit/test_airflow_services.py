"""Services that are small Python programs instead of Airflow's: start, health, stop, remainders."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from p20w.airflow_services import AirflowServices
from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Tells the test its pid as soon as it is ready, then waits.
READY = """
import os, signal, socket, subprocess, sys
def ready():
    with socket.create_connection(("127.0.0.1", int(os.environ["TEST_PORT"]))) as test:
        test.sendall(str(os.getpid()).encode())
"""
POLITE = READY + "ready(); signal.pause()"
STUBBORN = (
    READY
    + """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) == 1:
    subprocess.Popen([sys.executable, "-c", open(os.environ["TEST_PROGRAM"]).read(), "child"])
ready()
while True:
    signal.pause()
"""
)
HEALTHY = """
import http.server, json, os
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        names = ("metadatabase", "scheduler", "dag_processor", "triggerer")
        body = json.dumps({name: {"status": "healthy"} for name in names}).encode()
        self.send_response(200 if self.path == "/api/v2/monitor/health" else 404)
        self.end_headers()
        self.wfile.write(body)
port = int(os.environ["AIRFLOW__API__PORT"])
http.server.HTTPServer(("127.0.0.1", port), Health).serve_forever()
"""
QUICK = {"ask_seconds": 0.2, "end_seconds": 0.2}


class Listener:
    """Hears from the programs when they are ready."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(30)
        self.port = self._socket.getsockname()[1]

    def next_pid(self) -> int:
        connection, _ = self._socket.accept()
        with connection, connection.makefile() as lines:
            return int(lines.read())

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@contextmanager
def services_of(home: Path, listener: Listener, **programs: str) -> Iterator[AirflowServices]:
    told = {"TEST_PORT": str(listener.port)}
    for program in programs.values():
        (home / "program").write_text(program)
        told["TEST_PROGRAM"] = str(home / "program")
    commands = {name: [sys.executable, "-c", program] for name, program in programs.items()}
    services = AirflowServices(home, home / "dags", "postgresql+psycopg2://", told, commands)
    try:
        yield services
    finally:
        services.stop(**QUICK)


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_service_that_ends_when_asked_is_not_killed(tmp_path: Path, listener: Listener) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE) as services:
        services.start()
        pid = listener.next_pid()

        killed = services.stop()

        assert killed == 0
        assert not is_running(pid)


def test_service_and_child_that_ignore_sigterm_are_gone_after_stop(
    tmp_path: Path, listener: Listener
) -> None:
    with services_of(tmp_path, listener, scheduler=STUBBORN) as services:
        services.start()
        family = {listener.next_pid(), listener.next_pid()}

        killed = services.stop(**QUICK)

        assert len(family) == 2
        assert killed == 2
        assert not any(is_running(pid) for pid in family)
        assert [status.pid for status in services.status()] == [None]


def test_child_whose_service_has_died_is_gone_after_stop(
    tmp_path: Path, listener: Listener
) -> None:
    with services_of(tmp_path, listener, scheduler=STUBBORN) as services:
        services.start()
        family = {listener.next_pid(), listener.next_pid()}
        leader = services.status()[0].pid
        assert leader in family
        psutil.Process(leader).kill()

        killed = services.stop(**QUICK)

        assert killed == 1
        assert not any(is_running(pid) for pid in family)


def test_stop_twice_equals_stop_once(tmp_path: Path, listener: Listener) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE) as services:
        services.start()
        listener.next_pid()
        services.stop()

        assert services.stop() == 0


def test_stop_before_any_start_makes_nothing(tmp_path: Path, listener: Listener) -> None:
    with services_of(tmp_path, listener) as services:
        assert services.stop() == 0
        assert not services.folder.exists()


def test_process_that_took_over_the_pid_of_a_service_is_left_alone(
    tmp_path: Path, listener: Listener
) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE) as services:
        services.start()
        listener.next_pid()
        services.stop()
        stranger = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        state_file = services.folder / "services.json"
        state = json.loads(state_file.read_text())
        state_file.write_text(json.dumps(state | {"pids": {"scheduler": stranger.pid}}))

        services.stop(**QUICK)

        assert is_running(stranger.pid)
        assert [status.pid for status in services.status()] == [None]
        stranger.kill()
        stranger.wait()


def test_second_start_keeps_what_runs_and_starts_what_is_missing(
    tmp_path: Path, listener: Listener
) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE, triggerer=POLITE) as services:
        services.start()
        ready = {listener.next_pid(), listener.next_pid()}
        before = {status.name: status.pid for status in services.status()}
        services.start()
        assert {status.name: status.pid for status in services.status()} == before
        assert set(before.values()) == ready
        lost = psutil.Process(before["triggerer"])
        lost.kill()
        psutil.wait_procs([lost], timeout=10)

        services.start()

        after = {status.name: status.pid for status in services.status()}
        assert after["scheduler"] == before["scheduler"]
        assert after["triggerer"] == listener.next_pid() != before["triggerer"]


def test_port_taken_by_another_meanwhile_is_changed(tmp_path: Path, listener: Listener) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE) as services:
        services.start()
        listener.next_pid()
        services.stop()
        before = services.url
        port = int(str(before).rpartition(":")[2])

        with socket.create_server(("127.0.0.1", port)):
            services.start()
            listener.next_pid()

        assert services.url != before


def test_port_that_stayed_free_is_kept(tmp_path: Path, listener: Listener) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE) as services:
        services.start()
        listener.next_pid()
        services.stop()
        before = services.url

        services.start()
        listener.next_pid()

        assert services.url == before


def test_wait_ends_when_every_part_reports_healthy(tmp_path: Path, listener: Listener) -> None:
    told: list[str] = []
    with services_of(tmp_path, listener, **{"api-server": HEALTHY}) as services:
        services.start()

        services.wait_healthy(timeout_seconds=30, progress=told.append)

        assert set(told) <= {"waiting for api-server"}


def test_service_that_ends_by_itself_is_named_with_the_end_of_its_log(
    tmp_path: Path, listener: Listener
) -> None:
    program = "raise SystemExit('no memory left')"
    with services_of(tmp_path, listener, scheduler=program) as services:
        services.start()

        with pytest.raises(ConfigurationError, match=r"scheduler ended by itself.*no memory left"):
            services.wait_healthy(timeout_seconds=30)


def test_services_that_stay_silent_are_an_error_in_the_end(
    tmp_path: Path, listener: Listener
) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE) as services:
        services.start()
        listener.next_pid()

        with pytest.raises(ConfigurationError, match="not healthy after 0 s, waiting for api"):
            services.wait_healthy(timeout_seconds=0)


def test_secrets_and_login_are_readable_by_their_owner_only(
    tmp_path: Path, listener: Listener
) -> None:
    with services_of(tmp_path, listener, scheduler=POLITE) as services:
        services.start()
        listener.next_pid()

        modes = {
            path.name: stat.filemode(path.stat().st_mode)
            for path in [services.folder, *services.folder.glob("*.json")]
        }
        assert modes == {
            "airflow": "drwx------",
            "passwords.json": "-rw-------",
            "secrets.json": "-rw-------",
            "services.json": "-rw-------",
        }


def test_task_variables_reach_the_services_and_a_foreign_airflow_does_not(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = READY + textwrap.dedent(
        """
        names = "P20W_HOME AIRFLOW_HOME AIRFLOW__CORE__EXECUTOR AIRFLOW_CONN_SMTP_DEFAULT".split()
        open(os.environ["TEST_OUT"], "w").write(" ".join(str(os.environ.get(n)) for n in names))
        ready()
        signal.pause()
        """
    )
    monkeypatch.setenv("TEST_OUT", str(tmp_path / "out"))
    monkeypatch.setenv("P20W_HOME", "/the/home")
    monkeypatch.setenv("AIRFLOW_HOME", "/another/airflow")
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "AnotherExecutor")
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://mail.example.org")

    with services_of(tmp_path, listener, scheduler=program) as services:
        services.start()
        listener.next_pid()

    seen = (tmp_path / "out").read_text().split()
    assert seen == [
        "/the/home",
        str(tmp_path / "airflow"),
        "LocalExecutor",
        "smtp://mail.example.org",
    ]
