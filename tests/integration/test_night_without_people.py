"""A night before any school or clearinghouse has sent: the public figures are published at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from ingestion.ingest import ingest
from ingestion.registry import sources
from p20w import instance
from p20w.cli import app
from p20w.postgres import connect
from p20w.release import current_release
from p20w.settings import Settings
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import build_state
from tests.integration.conftest import FEW_STUDENTS, SEED, run_night, started_warehouse

pytestmark = pytest.mark.integration

PUBLIC = tuple(one.name for one in sources() if not one.contract.is_restricted)
OF_STUDENTS = {"mart_enrollment", "mart_pathway_participation", "mart_postsecondary_transition"}
OF_THE_PUBLIC = {
    "mart_industry_profile",
    "mart_labor_force",
    "mart_program_supply",
    "mart_region_demand",
    "mart_region_priorities",
    "mart_vintages",
    "mart_wage_by_occupation",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with (
        started_warehouse(tmp_path_factory.mktemp("public") / "home") as settings,
        SyntheticServer(build_state(FEW_STUDENTS, SEED)) as wisconsin,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DO_NOT_TRACK", "1")
        stems = [source.name for source in sources()]
        instance.up(settings, stems, with_airflow=False, progress=lambda _: None)
        for source in PUBLIC:
            patch.setenv(f"P20W_{source.upper()}_URL", wisconsin.source_url(source))
            ingest(source, settings=settings)
        run_night(settings)
        yield settings


def rows_by_mart(settings: Settings, schema: str) -> dict[str, int]:
    with connect(settings, "accountability_reader") as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = %s"
            " and table_name like 'mart\\_%%'",
            [schema],
        ).fetchall()
        return {
            str(name): int(count)
            for (name,) in names
            for (count,) in connection.execute(f"select count(*) from {schema}.{name}").fetchall()
        }


def test_the_marts_of_public_figures_are_filled_and_those_of_students_are_empty(
    published: Settings,
) -> None:
    rows = rows_by_mart(published, "marts")

    assert rows.keys() == OF_STUDENTS | OF_THE_PUBLIC
    assert {name for name, count in rows.items() if count == 0} == OF_STUDENTS
    assert rows_by_mart(published, "accountability") == rows


def test_the_release_is_the_current_one_and_names_only_what_has_arrived(
    published: Settings,
) -> None:
    release = current_release(published)
    with connect(published, "bi_reader") as connection:
        told = connection.execute("select inputs from marts.release_info").fetchall()

    assert release is not None
    assert (release.release_id, release.cells_total) == (1, 0)
    assert len(told) == 1
    assert [name for name in PUBLIC if name in str(told[0])] == list(PUBLIC)
    assert "edfi" not in str(told[0])
    assert "nsc" not in str(told[0])


def test_init_makes_the_raw_tables_of_every_contract(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("P20W_HOME", str(settings.home))
    monkeypatch.setenv("P20W_DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("P20W_ROLE_PREFIX", str(settings.role_prefix))

    first, second = (CliRunner().invoke(app, ["init"]) for _ in range(2))

    with connect(settings, "transformer") as connection:
        made = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_schema like 'raw\\_%'"
        ).fetchall()
    assert (first.exit_code, second.exit_code) == (0, 0), first.exception
    assert set(made) == {
        (source.contract.schema_name, table.name)
        for source in sources()
        for table in source.contract.tables
    }
