"""One DAG per registered source, `ingest_<source>`: upstream to landing zone to raw tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Asset, Connection, Param
from airflow.sdk.exceptions import AirflowNotFoundException
from notify import tell
from warehouse_tasks import clock, warehouse_task

from ingestion import registry
from ingestion.release_calendar import calendar_text
from p20w.settings import load_settings

DOCUMENTATION = """## Purpose
Asks {publisher} whether `{name}` has a newer release, takes its files into the landing zone and
loads them into `raw_{name}`. {description} A release that is known already adds nothing.

## Release calendar
{calendar}

## What a failure means
Nothing of the release was loaded; the nights go on with the previous one, and `release_info` says
so. **ContractViolation**: the file is not what the contract promises (another column, too few rows,
no data at all). **SourceUnavailable** or **QuotaExceeded**: the publisher's server does not answer
as it should; the task has already been tried several times.

## What to do
The last line of the log names file, column, expected and found. If the publisher changed its
format, amend `dbt_project/models/staging/{name}/_{name}__sources.yml`, then clear the task. If the
server stays away, take the files by hand: `p20w ingest {name} --from PATH --release R`. If few rows
are right, run the command that the message ends in, with your reason (`--allow-volume --reason
TEXT`). For one certain release trigger this DAG with its `release`.
"""


def ingest(source: str, params: dict[str, Any] | None = None) -> str | None:
    """Load one release of the source; return its name, or None when there was nothing new."""
    from ingestion.ingest import ingest as load_release  # noqa: PLC0415 - slow, DAG files are read often

    result = load_release(
        source,
        settings=load_settings(),
        release=(params or {}).get("release"),
        credentials=find_credentials(source),
    )
    return result.release


def find_credentials(source: str) -> dict[str, str] | None:
    """The login of Airflow's connection `p20w_<source>`, where there is one."""
    try:
        connection = Connection.get(f"p20w_{source}")
    except AirflowNotFoundException:
        return None  # then `ingest` reads the file of mode 0600 under <home>/credentials
    return {"client_id": connection.login, "client_secret": connection.password}


def build_ingest_dag(source: registry.Source) -> None:
    """Make the DAG of one source."""
    with DAG(
        f"ingest_{source.name}",
        doc_md=DOCUMENTATION.format(
            name=source.name,
            publisher=source.contract.meta.publisher,
            description=source.contract.description,
            calendar=calendar_text(source.contract),
        ),
        schedule=clock(source.contract.meta.schedule),
        catchup=False,
        max_active_runs=1,
        tags=["ingest"],
        params={"release": Param(None, type=["null", "string"], title="Release, else the newest")},
        default_args={
            "retries": 3,
            "retry_delay": timedelta(minutes=1),
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(minutes=30),
            "execution_timeout": timedelta(hours=6),
            "on_failure_callback": tell,
        },
    ):
        warehouse_task(ingest, outlets=[Asset(f"p20w://raw/{source.name}")])(source.name)


for registered in registry.sources():
    build_ingest_dag(registered)
