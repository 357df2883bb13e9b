"""A night's wall time by Airflow, against the same steps in one process: the orchestration's share.

Both read the same loads in the same home, on a small invented Wisconsin; the second is what a cron
job would do. The three releases that come of it then serve the readers' bench.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from ingestion.registry import sources
from p20w import instance, ledger
from p20w.airflow_api import AirflowApi
from p20w.bench.readers import bench_readers
from p20w.demo import run_demo
from p20w.errors import Terminal
from p20w.night import STEPS
from p20w.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

STUDENTS = 5_000


def bench_night(console: Console) -> None:
    """Measure both and print wall times and the share that is orchestration; then the readers."""
    with tempfile.TemporaryDirectory(prefix="p20w-bench-") as name:
        Path(name).chmod(0o711)
        settings = Settings(home=Path(name) / "home", synthetic_students=STUDENTS)
        try:
            run_demo(settings, [source.name for source in sources()], console)
            by_airflow = _airflow_night(settings)
            instance.airflow_services(settings).stop()
            in_process = _plain_night(settings)
            _print(console, by_airflow, in_process)
            bench_readers(settings, console)
        finally:
            instance.down(settings)


def _print(console: Console, by_airflow: float, in_process: float) -> None:
    table = Table("night", "s", "share that is orchestration")
    table.add_row(
        "Airflow", f"{by_airflow:.1f}", f"{100 * (by_airflow - in_process) / by_airflow:.0f} %"
    )
    table.add_row("one process", f"{in_process:.1f}", "-")
    console.print(table)


def _airflow_night(settings: Settings) -> float:
    """A night after the first, so that both carry the student cells over and do the same work."""
    found = instance.status(settings)["airflow"]
    api = AirflowApi(found["url"], found["user"], found["password"])
    run = api.watch("nightly", api.trigger("nightly"), lambda _: None)
    if run.state != "success" or run.start_date is None or run.end_date is None:
        raise Terminal(f"The bench's night ended as {run.state}: there is nothing to compare.")
    return (run.end_date - run.start_date).total_seconds()


def _plain_night(settings: Settings) -> float:
    begun = time.monotonic()
    run_id = ledger.start_run(settings, kind="manual")
    for step in STEPS:
        step.run(settings, run_id)
    ledger.finish_run(settings, run_id, "succeeded")
    return time.monotonic() - begun
