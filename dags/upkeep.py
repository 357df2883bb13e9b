"""What keeps the published tables quick, apart from publishing.

## Purpose
Every morning at 06:00 (Chicago), apart from publishing: brings the releases that are attached to
the published tables back to three. Older ones stay in the database, detached, for a rollback.

## What a failure means
Readers are not affected. A long statement of a reader kept a release attached; queries of many
attached releases plan a little slower.

## What to do
Nothing at first: the next morning tries again. If it fails for a week, find the session that holds
the release (`pg_stat_activity`) and end it.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG
from notify import tell
from warehouse_tasks import clock, step

with DAG(
    "upkeep",
    doc_md=__doc__,
    schedule=clock("0 6 * * *"),
    catchup=False,
    max_active_runs=1,
    tags=["warehouse"],
    default_args={
        "retries": 1,
        "retry_delay": timedelta(minutes=15),
        "execution_timeout": timedelta(minutes=30),
        "on_failure_callback": tell,
    },
):
    step("trim_releases", "p20w.release:trim")()
