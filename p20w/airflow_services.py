"""Airflow's four services as processes of this home: start, health, stop without a remainder.

Airflow is started, never imported. Each service gets a session of its own and a log file instead
of a pipe, and every process born of it carries `MARK` in its environment: a pid may be another's.
Airflow's workers ignore SIGTERM, so a stop asks each service first and then ends whatever is left.
Flow: home + metadata database + DAG folder -> services -> `<home>/airflow/services.json`.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

import psutil
import psycopg
import requests

from p20w.airflow_config import (
    MARK,
    USER,
    AirflowSecrets,
    inherited_environment,
    services_environment,
)
from p20w.errors import ConfigurationError, DatabaseBusy
from p20w.ports import free_port, is_free
from p20w.private_files import write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

logger = logging.getLogger(__name__)

AIRFLOW = (sys.executable, "-m", "airflow")
COMMANDS: Mapping[str, Sequence[str]] = {
    # On one machine the API server reads the log files itself: nobody has to serve them.
    "api-server": (*AIRFLOW, "api-server", "--workers", "1"),
    "scheduler": (*AIRFLOW, "scheduler", "--skip-serve-logs"),
    "dag-processor": (*AIRFLOW, "dag-processor"),
    "triggerer": (*AIRFLOW, "triggerer", "--skip-serve-logs"),
}
HEALTH_NAMES = ("metadatabase", "scheduler", "dag_processor", "triggerer")

# The triggerer alone takes ten seconds to end, waiting for a process that has ended already.
ASK_SECONDS = 4.0
END_SECONDS = 2.0
KILL_SECONDS = 10.0
POLL_SECONDS = 0.25

# Services outlive the object that started them; forgetting a live child is a ResourceWarning.
_launched: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service: the pid of its main process, or None where it does not run."""

    name: str
    pid: int | None


@dataclass(frozen=True, slots=True)
class _State:
    """What `services.json` holds."""

    port: int
    pids: dict[str, int]


class AirflowServices:
    """The Airflow of one home; safe when two commands start it at once.

    Args:
        home: The home of this instance; Airflow's own folder is `<home>/airflow`.
        dags_folder: Where the DAG files lie.
        metadata_dsn: `postgresql+psycopg2://` address of Airflow's metadata database.
        env: Variables for the tasks (`P20W_*`), on top of the present environment.
        commands: Each service's command line.
    """

    def __init__(
        self,
        home: Path,
        dags_folder: Path,
        metadata_dsn: str,
        env: Mapping[str, str],
        commands: Mapping[str, Sequence[str]] = COMMANDS,
    ) -> None:
        self.folder = home.absolute() / "airflow"
        self.logs = self.folder / "logs"
        self._dags_folder = dags_folder.absolute()
        self._dsn = metadata_dsn
        self._env = dict(env)
        self._commands = commands
        self._state_file = self.folder / "services.json"
        self._keys_file = self.folder / "secrets.json"
        self._passwords_file = self.folder / "passwords.json"

    @property
    def url(self) -> str | None:
        """Address of the UI and of the REST API; None before the first start."""
        state = self._state()
        return None if state is None else f"http://127.0.0.1:{state.port}"

    @property
    def password(self) -> str | None:
        """Password of the login `admin`; None before `initialise`."""
        if not self._passwords_file.exists():
            return None
        return str(json.loads(self._passwords_file.read_text())[USER])

    def initialise(self) -> None:
        """Make folder, secrets and login, and bring the metadata database to this Airflow's form.

        Raises:
            ConfigurationError: The migration failed; its log says why.
            DatabaseBusy: The metadata database does not answer.
        """
        with self._locked():
            if not self._is_migrated():
                self._migrate()

    def start(self) -> None:
        """Start the services that do not run; returns before they answer (see `wait_healthy`)."""
        with self._locked():
            state = self._state()
            pids = self._alive()
            missing = [name for name in self._commands if name not in pids]
            if state is None or (not pids and not is_free(state.port)):
                state = _State(free_port(), {})
            for name in missing:
                pids[name] = self._launch(name, state.port)
                write_private(self._state_file, asdict(_State(state.port, pids)))
            logger.info("airflow started services=%d port=%d", len(missing), state.port)

    def wait_healthy(
        self, timeout_seconds: float = 300.0, progress: Callable[[str], None] | None = None
    ) -> None:
        """Wait until every service reports its health.

        Args:
            timeout_seconds: After this long it is an error.
            progress: Told in a few words whenever something changes.

        Raises:
            ConfigurationError: A service ended, or is not healthy in time; with the log to read.
        """
        deadline = time.monotonic() + timeout_seconds
        told = ""
        while waiting := self._unhealthy():
            now = "waiting for " + ", ".join(waiting)
            if progress is not None and now != told:
                progress(now)
            told = now
            self._refuse_dead()
            if time.monotonic() > deadline:
                raise ConfigurationError(
                    f"Airflow is not healthy after {timeout_seconds:.0f} s, {now}. Its logs are in"
                    f" {self.logs}; too little memory is the usual reason: see `p20w doctor`."
                )
            time.sleep(POLL_SECONDS)

    def stop(self, ask_seconds: float = ASK_SECONDS, end_seconds: float = END_SECONDS) -> int:
        """End every process of this Airflow; harmless when none runs.

        A task that still runs is ended too: the next start gives it another try.

        Args:
            ask_seconds: How long the services may take to end in good order.
            end_seconds: How long whatever is left may take after SIGTERM, before SIGKILL.

        Returns:
            How many processes had to be killed because they did not end when asked.

        Raises:
            ConfigurationError: A process outlived SIGKILL.
        """
        if not self.folder.exists():
            return 0
        with self._locked():
            leaders = set(self._alive().values())
            _send("terminate", [process for process in self._marked() if process.pid in leaders])
            self._wait_gone(ask_seconds)
            _send("terminate", self._marked())
            self._wait_gone(end_seconds)
            killed = self._kill_rest()
            _launched[:] = [child for child in _launched if child.poll() is None]
            if (state := self._state()) is not None:
                write_private(self._state_file, asdict(_State(state.port, {})))
            return killed

    def status(self) -> list[ServiceStatus]:
        """Every service, with the pid of those that run."""
        alive = self._alive()
        return [ServiceStatus(name, alive.get(name)) for name in self._commands]

    def _environment(self, port: int) -> dict[str, str]:
        keys = AirflowSecrets(**json.loads(self._keys_file.read_text()))
        own = services_environment(
            self.folder, self._dags_folder, self._dsn, port, keys, self._passwords_file
        )
        return inherited_environment(os.environ) | self._env | own

    def _launch(self, name: str, port: int) -> int:
        with (self.logs / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                self._commands[name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self._environment(port),
                start_new_session=True,
            )
        _launched.append(child)
        return child.pid

    def _is_migrated(self) -> bool:
        """Whether this version of Airflow has migrated this very database."""
        known_file = self.folder / "migrated.json"
        if not known_file.exists():
            return False
        known = json.loads(known_file.read_text())
        return bool(known == [version("apache-airflow-core"), self._revision()])

    def _revision(self) -> str | None:
        url = self._dsn.replace("+psycopg2", "", 1)
        try:
            with psycopg.connect(url, connect_timeout=10) as connection:
                row = connection.execute("select version_num from alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
        except psycopg.OperationalError:
            raise DatabaseBusy(
                "Airflow's metadata database does not answer. Start it (`p20w up`) and try again."
            ) from None
        return None if row is None else str(row[0])

    def _migrate(self) -> None:
        log_file = self.logs / "migrate.log"
        with log_file.open("ab") as log:
            done = subprocess.run(
                [*AIRFLOW, "db", "migrate"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self._environment(0),
                check=False,
            )
        if done.returncode != 0:
            raise ConfigurationError(
                f"Airflow could not prepare its metadata database (exit code {done.returncode});"
                f" the reason stands in {log_file}."
            )
        write_private(
            self.folder / "migrated.json", [version("apache-airflow-core"), self._revision()]
        )

    def _state(self) -> _State | None:
        if not self._state_file.exists():
            return None
        return _State(**json.loads(self._state_file.read_text()))

    def _alive(self) -> dict[str, int]:
        """Name and pid of the services whose main process runs and is ours."""
        state = self._state()
        if state is None:
            return {}
        ours = {process.pid for process in self._marked()}
        return {name: pid for name, pid in state.pids.items() if pid in ours}

    def _marked(self) -> list[psutil.Process]:
        """Every living process that carries this folder's mark, the present one left out."""
        mine = str(self.folder)
        present = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.pid not in present and process.environ().get(MARK) == mine:
                    found.append(process)
        return found

    def _unhealthy(self) -> list[str]:
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.get(f"{self.url}/api/v2/monitor/health", timeout=5)
                answer.raise_for_status()
                parts = answer.json()
            except (requests.RequestException, ValueError):
                return ["api-server"]
        return [name for name in HEALTH_NAMES if parts.get(name, {}).get("status") != "healthy"]

    def _refuse_dead(self) -> None:
        for name in self._commands.keys() - self._alive().keys():
            log_file = self.logs / f"{name}.log"
            end = (
                log_file.read_text(errors="replace").splitlines()[-5:] if log_file.exists() else []
            )
            raise ConfigurationError(
                f"Airflow's {name} ended by itself; the end of {log_file}: {' | '.join(end)}"
            )

    def _wait_gone(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (left := self._marked()) and time.monotonic() < deadline:
            psutil.wait_procs(left, timeout=POLL_SECONDS)

    def _kill_rest(self) -> int:
        killed: set[int] = set()
        deadline = time.monotonic() + KILL_SECONDS
        # Again and again: a process may be born while the list is made.
        while left := self._marked():
            if time.monotonic() > deadline:
                raise ConfigurationError(
                    f"{len(left)} processes of Airflow outlived SIGKILL"
                    f" ({', '.join(str(process.pid) for process in left)}): they hang in the"
                    " operating system. Look at its disks and network mounts."
                )
            _send("kill", left)
            killed.update(process.pid for process in left)
            psutil.wait_procs(left, timeout=POLL_SECONDS)
        return len(killed)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One command at a time, on a folder that has its keys and its login."""
        for folder in (self.folder, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if not self._keys_file.exists():
                write_private(self._keys_file, asdict(AirflowSecrets.new()))
            if not self._passwords_file.exists():
                write_private(self._passwords_file, {USER: secrets.token_urlsafe(18)})
            yield


def _send(signal: Literal["terminate", "kill"], processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate() if signal == "terminate" else process.kill()
