"""`make demo`: one night on an invented Wisconsin, by a real Airflow run, watched to its end.

With a folder of real public files, their sources take them; the people stay invented.
Flow: synthetic server -> `ingest_<source>` DAG runs -> `nightly` DAG run -> published marts.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from psycopg import sql

from ingestion.folders import files_by_source, ingest_folder
from p20w import instance
from p20w.airflow_api import AirflowApi, Change
from p20w.errors import Terminal
from p20w.postgres import connect
from p20w.private_files import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rich.console import Console

    from p20w.settings import Settings


SYNTHETIC_CLIENT = {"client_id": "synthetic", "client_secret": "synthetic-secret"}


def run_demo(
    settings: Settings, sources: Sequence[str], console: Console, from_dir: Path | None = None
) -> None:
    """Start everything, run the ingest DAGs and a night, print what happens and a summary.

    Args:
        settings: Where.
        sources: Stems of the registered sources.
        console: Told what happens.
        from_dir: A folder `<source>/<file>` of real public files; sources that have none there ask
            the invented Wisconsin.

    Raises:
        ConfigurationError: The folder holds no file that a contract knows.
        Terminal: A DAG run failed; names the task and its last line.
    """
    begun = time.monotonic()
    files = files_by_source(from_dir) if from_dir is not None else {}
    invented = [source for source in sources if source not in files]
    console.print(
        f"An invented Wisconsin of {settings.synthetic_students:,} students, none of whom exists."
    )
    server = instance.SyntheticWisconsin(settings)
    if not settings.home.exists():
        settings.home.mkdir(parents=True, mode=0o711)
    addresses = server.start(invented)
    _write_credentials(settings)
    instance.up(
        settings,
        sources,
        with_airflow=True,
        progress=lambda told: console.print(f"  {told}"),
        extra=addresses,
    )
    found = instance.status(settings)
    api = AirflowApi(
        found["airflow"]["url"], found["airflow"]["user"], found["airflow"]["password"]
    )
    ready = time.monotonic()
    console.print(f"Airflow is up after {ready - begun:.0f} s: {found['airflow']['url']}")
    _refuse_mixture(settings, list(files))
    for done in ingest_folder(files, settings):
        console.print(f"  {done.source:18} {done.release}: {done.state}, {done.rows:,} rows")
    _run_dags(api, [f"ingest_{source}" for source in invented], console)
    ingested = time.monotonic()
    _run_dags(api, ["nightly"], console)
    done_at = time.monotonic()
    console.print(
        f"\nStart {ready - begun:.0f} s, ingest {ingested - ready:.0f} s, night"
        f" {done_at - ingested:.0f} s: {done_at - begun:.0f} s together."
    )
    _summary(settings, console)


def _refuse_mixture(settings: Settings, sources: list[str]) -> None:
    """Real and invented figures of one source would stand side by side in the marts."""
    with connect(settings, "loader") as connection:
        invented = connection.execute(
            "select distinct source from ops.source_release where is_synthetic"
            " and state = 'complete' and source = any(%s) order by 1",
            [sources],
        ).fetchall()
    if invented:
        names = ", ".join(name for (name,) in invented)
        raise Terminal(
            f"{settings.home} holds invented releases of {names}: real ones beside them would mix."
            " Use another home (P20W_HOME), or `p20w destroy` this one."
        )


def _write_credentials(settings: Settings) -> None:
    """The invented Ed-Fi host's client, where an owner would put the real one."""
    folder = settings.home / "credentials"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "edfi.json"
    if not path.exists():
        write_private(path, SYNTHETIC_CLIENT)


def _run_dags(api: AirflowApi, dag_ids: Iterable[str], console: Console) -> None:
    """Trigger DAGs together, then watch them one after the other."""
    triggered = []
    for dag_id in dag_ids:
        api.wait_for_dag(dag_id)
        triggered.append((dag_id, api.trigger(dag_id)))
    for dag_id, run_id in triggered:
        progress = _Progress(dag_id, console)
        run = api.watch(dag_id, run_id, progress.tell)
        if run.state != "success":
            raise Terminal(
                f"The run of {dag_id} ended as {run.state} in {progress.failed}: read its log in"
                f" Airflow ({api.url}), mend the cause, and run the demo again: it goes on from"
                " here."
            )


class _Progress:
    """One line a task as it ends."""

    def __init__(self, dag_id: str, console: Console) -> None:
        self.failed: str | None = None
        self._dag_id = dag_id
        self._console = console

    def tell(self, change: Change) -> None:
        """Print an end; remember a failure."""
        if change.task_id is None or change.state not in {"success", "failed", "up_for_retry"}:
            return
        if change.state == "failed":
            self.failed = self.failed or change.task_id
        took = f"{change.seconds:6.1f} s" if change.seconds is not None else ""
        self._console.print(f"  {self._dag_id:18} {change.task_id:17} {change.state:12} {took}")


def _summary(settings: Settings, console: Console) -> None:
    found = instance.status(settings)
    release = found["release"]
    total, printed = release["cells_total"], release["cells_printed"]
    share = f"{100 * printed / total:.1f} % of {total:,}" if total else "none there"
    stamp = " (SYNTHETIC data)" if release["synthetic"] else ""
    console.print(
        f"Release {release['id']}{stamp} is published; student cells printed: {share}.",
        soft_wrap=True,
    )
    for name, rows in _published_rows(settings):
        console.print(f"  {rows:9,} rows  marts.{name}")
    console.print()
    told = {
        "Airflow": f"{found['airflow']['url']}  (login {found['airflow']['user']},"
        f" password {found['airflow']['password']})",
        "Marts": found["warehouse"]["reader_dsn"],
        "True figures": found["warehouse"]["accountability_dsn"],
        "Data Docs": found["data_docs"],
        "Exports": found["exports"],
        "Look around": ".venv/bin/p20w psql   then   select * from marts.release_info;",
        "Stop": "make down",
    }
    for name, value in told.items():
        console.print(f"  {name:13} {value}", soft_wrap=True)


def _published_rows(settings: Settings) -> list[tuple[str, int]]:
    with connect(settings, "bi_reader") as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
            " order by 1"
        ).fetchall()
        counts = sql.SQL(" union all ").join(
            sql.SQL("select {}, count(*) from {}").format(
                sql.Literal(name), sql.Identifier("marts", name)
            )
            for (name,) in names
        )
        return [(str(name), int(rows)) for name, rows in connection.execute(counts).fetchall()]
