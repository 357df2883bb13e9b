"""Take the published release back, by hand.

## Purpose
Takes the published release back: readers see the release before it (or the one named) from the next
statement on; then `exports/*/current` leads to that release's files, and the files of the one taken
back are removed. Started by hand only, with a reason that the ledger keeps.

## What a failure means
**roll_back**: the pointer did not move, readers see what they saw before. There is no earlier
release to go back to, the release named does not exist, or another publication held the lock for
too long. **export_current**: readers of the tables see the earlier release, but files of the one
taken back may still be in the folders of exports.

## What to do
The last line of the log says which of these it was; `p20w releases` lists what there is. Clear
`export_current` (or run `p20w export`) until it succeeds: the files may be public. After a
rollback the nights build but publish nothing: mend the cause, then `p20w releases --resume`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Asset, Param, chain
from notify import tell
from warehouse_tasks import step, warehouse_task

from p20w.settings import load_settings


def roll_back(params: dict[str, Any] | None = None) -> int:
    """Move the pointer back as the run's parameters say; return the release readers now see."""
    from p20w import release  # noqa: PLC0415 - slow to import, and DAG files are read often

    params = params or {}
    return release.rollback(load_settings(), params["reason"], params["release_id"])


with DAG(
    "rollback_release",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    tags=["warehouse"],
    params={
        "reason": Param(
            type="string", minLength=5, title="Why", description="Kept in the ledger: no names."
        ),
        "release_id": Param(
            None, type=["null", "integer"], minimum=1, title="Release, else the one before"
        ),
    },
    default_args={
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "execution_timeout": timedelta(minutes=30),
        "on_failure_callback": tell,
    },
):
    chain(
        warehouse_task(roll_back, outlets=[Asset("p20w://published/marts")])(),
        step("export_current", "p20w.exports:export_current")(),
    )
