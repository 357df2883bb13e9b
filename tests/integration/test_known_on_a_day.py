"""Vintages of one month: what was known on a day, in whatever order they came."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from ingestion.ingest import ingest
from p20w import ledger
from p20w.dbt_runner import PROJECT, read_manifest, target_folder
from p20w.embedded_postgres import EmbeddedPostgres
from p20w.postgres import address, connect
from p20w.settings import Settings
from p20w.synthetic.geography import COUNTIES
from p20w.synthetic.local_unemployment import draw_labor_force
from p20w.synthetic.render import bls_laus
from p20w.synthetic.wire import WHOLE
from tests.integration.conftest import received, started_warehouse
from tests.integration.survival import Survival

pytestmark = pytest.mark.integration

SEED = 3
DANE = "55025"
FIRST, BENCHMARK, RETURN = date(2026, 1, 28), date(2026, 3, 18), date(2026, 3, 26)
FLAT = "la.data.58.Wisconsin"
Take = Callable[..., None]


@pytest.fixture(scope="module")
def survival(tmp_path_factory: pytest.TempPathFactory, parsed_project: Path) -> Iterator[Survival]:
    home = tmp_path_factory.mktemp("known") / "home"
    with started_warehouse(home, parsed_project) as settings:
        survival = Survival(settings, EmbeddedPostgres(settings.home, durable=False))
        survival.keep("empty")
        yield survival


@pytest.fixture
def settings(survival: Survival) -> Settings:
    """An empty warehouse: a database of another name would have dbt parse the project anew."""
    shutil.rmtree(survival.settings.home / "landing", ignore_errors=True)
    return survival.go_back("empty")


@pytest.fixture
def take(settings: Settings, tmp_path: Path) -> Take:
    """Take the flat file as it was after so many benchmarks, by hand."""

    def taken(benchmark: int, published_on: date | None = None) -> None:
        path = tmp_path / FLAT
        path.write_bytes(bls_laus.observations(SEED, WHOLE, benchmark=benchmark))
        ingest(
            "bls_laus",
            settings=settings,
            release="labstat",
            from_path=path,
            published_on=published_on,
            allow_volume_reason="the series of an invented state",
        )

    return taken


def build_labor_force(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the fact and what it is made of: a night has ten times as many models."""
    manifest = read_manifest(settings)
    where = address(settings, "transformer")
    for name, value in (
        ("HOST", where.host),
        ("PORT", str(where.port)),
        ("DATABASE", where.database),
        ("USER", where.user),
        ("PASSWORD", where.password),
    ):
        monkeypatch.setenv(f"P20W_DBT_{name}", value)
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    result = dbtRunner(manifest=manifest).invoke(
        [
            *("build", "--select", "+fct_laus"),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *("--vars", f"{{run_id: {ledger.start_run(settings)}}}"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(target_folder(settings))),
            *("--log-level", "none", "--log-level-file", "none"),
            *("--no-send-anonymous-usage-stats", "--no-version-check"),
        ]
    )
    assert result.success, [
        (one.node.name, one.message)
        for one in result.result
        if one.status not in ("success", "pass")
    ]


def unemployed_of_march(benchmark: int) -> int:
    """Dane's unemployed of March 2024, from the generator's own table."""
    labor_force = draw_labor_force(SEED, benchmark)
    county = [one.fips for one in COUNTIES].index(DANE)
    return int(labor_force.unemployed[labor_force.months.index((2024, 3)), county])


def known_on(settings: Settings, day: date) -> list[int]:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select laus_value from core.fct_laus where area_code = %(area)s"
            " and laus_measure_code = '04' and calendar_year = 2024 and period_code = 'M03'"
            " and recorded_from <= %(day)s and coalesce(recorded_to, 'infinity') > %(day)s",
            {"area": DANE, "day": day},
        ).fetchall()
    return [int(value) for (value,) in rows]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older_first", "older_by_hand_later"])
def test_each_vintage_of_a_month_counts_from_its_own_day_on(
    settings: Settings,
    take: Take,
    monkeypatch: pytest.MonkeyPatch,
    order: tuple[int, int],
) -> None:
    before, after = unemployed_of_march(0), unemployed_of_march(1)
    for benchmark in order:
        take(benchmark, (FIRST, BENCHMARK)[benchmark])

    build_labor_force(settings, monkeypatch)

    assert before != after
    assert known_on(settings, date(2026, 1, 27)) == []
    assert known_on(settings, FIRST) == [before]
    assert known_on(settings, date(2026, 3, 17)) == [before]
    assert known_on(settings, BENCHMARK) == [after]
    assert known_on(settings, date(2030, 1, 1)) == [after]


def test_a_month_whose_first_figures_come_back_has_them_as_the_newest(
    settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    for benchmark, release, day in (
        (0, "labstat", FIRST),
        (1, "labstat.2", BENCHMARK),
        (0, "labstat.3", RETURN),
    ):
        take(benchmark)
        received(settings, release, day)

    build_labor_force(settings, monkeypatch)

    before, after = unemployed_of_march(0), unemployed_of_march(1)
    assert known_on(settings, date(2026, 3, 17)) == [before]
    assert known_on(settings, date(2026, 3, 25)) == [after]
    assert known_on(settings, RETURN) == [before]
