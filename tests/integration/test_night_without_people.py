"""A night before any school or clearinghouse has sent: the public figures are published at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

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

# Wisconsin, 2022-32: 200,243 of 381,204 openings a year.
TRANSFERS_OF_OPENINGS = 0.53
PUBLIC = tuple(one.name for one in sources() if not one.contract.is_restricted)
DECIDED = {
    ("MADREP", "rule_set", "WI_HOT_JOBS", "adopt"),
    ("M7", "rule_set", "OR_HIGH_WAGE_DEMAND", "adopt"),
    ("MADREP", "occupation", "29-1141", "priority"),
    ("MADREP", "occupation", "35-3031", "not_priority"),
    ("MADREP", "occupation", "51-4121", "priority"),
    ("M7", "occupation", "47-2111", "priority"),
    ("M7", "occupation", "39-9011", "priority"),
    ("NEWNORTH", "industry", "1013", "priority"),
}
OF_STUDENTS = {"mart_enrollment", "mart_pathway_participation", "mart_postsecondary_transition"}
OF_THE_PUBLIC = {
    "mart_employment_by_month",
    "mart_industry_profile",
    "mart_labor_force",
    "mart_program_supply",
    "mart_region_demand",
    "mart_region_priorities",
    "mart_vintages",
    "mart_wage_by_occupation",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, parsed_project: Path) -> Iterator[Settings]:
    with (
        started_warehouse(tmp_path_factory.mktemp("public") / "home", parsed_project) as settings,
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


def test_of_100_openings_in_the_state_53_are_transfers_and_new_demand_is_without_them(
    published: Settings,
) -> None:
    with connect(published, "bi_reader") as connection:
        found = connection.execute(
            "select transfer_share, transfers_count, openings_count, exits_count,"
            " annual_growth_count, demand_new_count, demand_total_count"
            " from marts.mart_region_demand where area_type = 'state' and area_code = '55'"
            " and soc_code = '00-0000' and publication_name = 'state_agency'"
        ).fetchall()

    assert len(found) == 2
    for share, transfers, openings, exits, growth, demand_new, demand_total in found:
        assert float(share) == pytest.approx(TRANSFERS_OF_OPENINGS, abs=0.0001)
        assert float(share) == pytest.approx(transfers / openings, abs=0.000001)
        # Each of the causes is rounded by itself.
        assert float(growth) + exits + transfers == pytest.approx(openings, abs=2)
        assert demand_total == openings
        assert float(demand_new) == pytest.approx(openings - transfers, abs=2)


def test_every_decision_of_a_council_stands_in_the_priorities_beside_what_there_is(
    published: Settings,
) -> None:
    with connect(published, "bi_reader") as connection:
        found = connection.execute(
            "select region_scheme, region_code, subject_kind, subject_code, council_decision,"
            " subject_vintage, subject_title, figures_status, figures_year,"
            " industry_location_quotient from marts.mart_region_priorities"
            " where council_decision <> 'no_decision'"
        ).fetchall()
    [industry] = [row[5:] for row in found if row[2] == "industry"]

    assert {row[1:5] for row in found} == DECIDED
    assert industry[:4] == ("2022", "Manufacturing", "reported", 2024)
    assert industry[4] > 0


@pytest.mark.parametrize(
    ("file_name", "first", "last"),
    [
        ("2024_annual_singlefile.zip", date(2024, 1, 1), date(2024, 1, 1)),
        ("2024_qtrly_singlefile.zip", date(2024, 1, 1), date(2024, 10, 1)),
        ("area_definitions_m2023.xlsx", date(2023, 5, 1), date(2023, 5, 1)),
        ("list1_2023.xlsx", date(2023, 1, 1), date(2023, 1, 1)),
        ("council_decisions_2025.csv", date(2025, 3, 12), date(2025, 5, 20)),
        ("longterm.csv", date(2022, 1, 1), date(2022, 1, 1)),
    ],
)
def test_the_vintages_tell_which_period_a_file_is_about(
    published: Settings, file_name: str, first: date, last: date
) -> None:
    with connect(published, "bi_reader") as connection:
        found = connection.execute(
            "select first_period_date, last_period_date, period_status"
            " from marts.mart_vintages where file_name = %s",
            [file_name],
        ).fetchall()

    assert found == [(first, last, "reported")]


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
