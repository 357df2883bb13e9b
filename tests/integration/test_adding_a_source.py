"""A made-up source: four places with one stem, and everything else follows by itself.

A copy of the checkout gets the four files; one program in it pulls, loads, builds staging and opens
door 1, another reads the DAGs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from p20w.postgres import connect
from p20w.settings import CHECKOUT, Settings
from tests.integration.conftest import started_warehouse

pytestmark = pytest.mark.integration

ROOMS = ("dags", "dbt_project", "expectations", "ingestion", "p20w")
PLACES = {
    "dbt_project/models/staging/weather/_weather__sources.yml": """
        version: 2

        sources:
          - name: weather
            schema: raw_weather
            description: Days without school because of the weather.
            config:
              meta:
                publisher: Bureau of Snow
                landing_page: https://snow.example.org
                official_url: https://snow.example.org/files
                licence: public domain
                access: public
                schedule: "15 3 * * *"
                freshness_days: 30
                release_calendar: Each spring, of the winter before.
            tables:
              - name: snow_days
                description: Snow days by county.
                config:
                  meta:
                    grain: One row per county and day.
                    natural_key: [county_fips, snow_date]
                    max_rejected_share: 0.5
                    layouts:
                      - name: official
                        files: '^snow_days\\.csv$'
                        format: csv
                        row_band: [1, 100]
                columns:
                  - name: county_fips
                    data_type: text
                    description: County.
                    config: {meta: {names: [COUNTY], pattern: '^\\d{5}$'}}
                  - name: snow_date
                    data_type: date
                    description: Day without school.
                    config: {meta: {names: [DAY]}}
                  - name: snow_depth_cm
                    data_type: integer
                    description: Depth of the snow.
                    config: {meta: {names: [DEPTH], required: false, marks: {'T': missing}}}
        """,
    "ingestion/sources/weather.py": """
        from ingestion.offers import Offer, download
        from ingestion.readers import read_file as read


        def releases(client):
            return [Offer("2024")]


        def files(release, client):
            return [download(client, "snow_days.csv", "csv")]
        """,
    "dbt_project/models/staging/weather/stg_weather__snow_days.sql": """
        with landed as (
            {{ landed('weather', 'snow_days') }}
        ),

        snow_days as (
            select
                county_fips,
                snow_date,
                snow_depth_cm,
                snow_depth_cm_status,
                load_id,
                row_number
            from landed
        )

        select * from snow_days
        """,
    "dbt_project/models/staging/weather/stg_weather__snow_days.yml": """
        version: 2

        models:
          - name: stg_weather__snow_days
            description: Snow days by county.
            config:
              meta: {grain: One row per county and day., owner: data engineering, access: public}
            columns:
              - {name: county_fips, data_type: text, description: County.}
              - {name: snow_date, data_type: date, description: Day without school.}
              - {name: snow_depth_cm, data_type: integer, description: Depth of the snow.}
              - {name: snow_depth_cm_status, data_type: text, description: Status of the depth.}
              - {name: load_id, data_type: bigint, description: Load.}
              - {name: row_number, data_type: bigint, description: Row of the file.}
        """,
    "p20w/synthetic/render/weather.py": """
        from datetime import UTC, datetime

        from p20w.synthetic.wire import SyntheticFile

        DAYS = b"55001,2024-01-12,31\\n55003,2024-01-12,T\\n55oo5,2024-01-12,3\\n"
        ROWS = b"COUNTY,DAY,DEPTH\\n" + DAYS


        def files(state):
            at = datetime(2024, 2, 1, tzinfo=UTC)
            return {"snow_days.csv": SyntheticFile("snow_days.csv", "text/csv", at, lambda _: ROWS)}
        """,
}
PROGRAM = """
    import json
    import os

    from expectations.gate import open_door
    from ingestion.contract_sync import sync_contract
    from ingestion.ingest import ingest
    from ingestion.raw_tables import ensure_all_tables
    from ingestion.registry import source, sources
    from p20w import dbt_runner, ledger, warehouse
    from p20w.settings import load_settings
    from p20w.synthetic.server import SyntheticServer
    from p20w.synthetic.state import build_state

    settings = load_settings()
    sync_contract(source("weather").contract_path)
    from ingestion.registry import _discover

    _discover.cache_clear()
    warehouse.initialise(settings, [one.name for one in sources()])
    ensure_all_tables(settings)
    with SyntheticServer(build_state(100, 7)) as wisconsin:
        os.environ["P20W_WEATHER_URL"] = wisconsin.source_url("weather")
        ingest("weather", settings=settings)
        again = ingest("weather", settings=settings)
    run_id = ledger.start_run(settings)
    dbt_runner.build(settings, run_id, "staging")
    door = open_door(settings, run_id, "staging")
    print(json.dumps({"again": again.state, "checks": len(door.results)}))
    """


@pytest.fixture
def settings(tmp_path: Path, parsed_project: Path) -> Iterator[Settings]:
    with started_warehouse(tmp_path / "home", parsed_project) as settings:
        yield settings


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The checkout with the made-up source in its four places."""
    target = tmp_path / "checkout"
    for room in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs")
        shutil.copytree(CHECKOUT / room, target / room, ignore=ignored)
    shutil.copy2(CHECKOUT / "pyproject.toml", target)
    for place, text in PLACES.items():
        (target / place).parent.mkdir(exist_ok=True)
        (target / place).write_text(dedent(text).lstrip())
    return target


def run_program(checkout: Path, *command: str, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if "P20W_" not in name}
    done = subprocess.run(
        [sys.executable, *command],
        env=inherited | {"PYTHONPATH": str(checkout), "DO_NOT_TRACK": "1"} | environment,
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()[-1]


def test_a_made_up_source_is_pulled_loaded_staged_and_checked(
    copy: Path, settings: Settings
) -> None:
    told = json.loads(
        run_program(
            *(copy, "-c", dedent(PROGRAM)),
            P20W_HOME=str(settings.home),
        )
    )

    with connect(settings, "owner") as connection:
        staged = connection.execute(
            "select county_fips, snow_depth_cm, snow_depth_cm_status"
            " from staging.stg_weather__snow_days order by county_fips"
        ).fetchall()
        rejected = connection.execute(
            "select row_number, column_name from ops.rejected_row where table_name = 'snow_days'"
        ).fetchall()
        checked = connection.execute(
            "select count(*) from ops.check_result where check_id = 'freshness_within_sla'"
        ).fetchone()
    assert staged == [("55001", 31, "reported"), ("55003", None, "missing")]
    assert rejected == [(3, "county_fips")]
    assert checked == (1,)
    assert told["again"] == "unchanged"
    assert told["checks"] > 10


def test_a_made_up_source_has_a_dag_of_its_own(copy: Path, tmp_path: Path) -> None:
    program = Path(__file__).parents[1] / "dags" / "probe.py"

    told = json.loads(
        run_program(
            *(copy, str(program), str(copy / "dags")),
            AIRFLOW_HOME=str(tmp_path / "airflow"),
            AIRFLOW__CORE__LOAD_EXAMPLES="False",
            AIRFLOW__CORE__UNIT_TEST_MODE="False",
            P20W_NOTIFY_WEBHOOK_URL="http://notices.example.org/hook",
        )
    )

    assert told["import_errors"] == {}
    assert told["dags"]["ingest_weather"]["cron"] == "15 3 * * *"
    assert "Bureau of Snow" in told["dags"]["ingest_weather"]["doc_md"]
