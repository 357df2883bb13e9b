"""The gate on a real PostgreSQL: what a door records, shows and refuses."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from psycopg import sql

from expectations.catalogue import Catalogue, Entry
from expectations.doors import Batch, SqlCheck
from expectations.gate import Plan, open_door
from expectations.validation import tag
from p20w import ledger
from p20w.errors import GateBlocked, ReleaseError
from p20w.postgres import begin, connect

if TYPE_CHECKING:
    from p20w.settings import Settings

pytestmark = pytest.mark.integration

MARKED = "Qwertzina"
TABLE = "stg_edfi__spans"


def entry(check_id: str, severity: str = "block") -> Entry:
    return Entry.model_validate(
        {
            "id": check_id,
            "door": "staging",
            "severity": severity,
            "meaning": f"The meaning of {check_id}, at length.",
            "when_it_matters": "Whenever somebody reads it.",
            "how_to_fix": f"The remedy of {check_id}, at length.",
            "owner": "data steward",
        }
    )


@pytest.fixture
def run_id(settings: Settings) -> int:
    """A run whose staging layer holds three spans: the second ends before it begins."""
    with begin(settings, "transformer") as connection:
        made = connection.scalar(
            sa.insert(ledger.run)
            .values(
                kind="nightly",
                state="running",
                started_at=ledger.now(),
                code_commit="test",
                as_of_date=ledger.now().date(),
            )
            .returning(ledger.run.c.run_id)
        )
    assert made is not None
    ledger.record_layer(settings, "transformer", made, "staging", "complete")
    with connect(settings, "transformer") as connection:
        connection.execute(
            sql.SQL(
                "drop table if exists staging.{table};"
                " create table staging.{table} as select * from (values"
                " ('Ann', date '2024-09-02', date '2025-06-01'),"
                " ({marked}, date '2024-09-02', date '2024-01-15'),"
                " (null, date '2024-09-02', null)) as span(first_name, entry_date, exit_date)"
            ).format(table=sql.Identifier(TABLE), marked=sql.Literal(MARKED))
        )
    return int(made)


def expecting(*names: str, column: str = "exit_date") -> Plan:
    def batches(_: object) -> list[Batch]:
        from great_expectations import expectations as gxe  # noqa: PLC0415 - takes seconds

        made = {
            "exits_after_entries": gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=column,
                column_B="entry_date",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                meta=tag("exits_after_entries"),
            ),
            "names_known": gxe.ExpectColumnValuesToBeInSet(
                column="first_name", value_set=["Ann"], meta=tag("names_known")
            ),
        }
        return [Batch(TABLE, tuple(made[name] for name in names))]

    return Plan(batches, lambda _: [])


def asking(query: str) -> Plan:
    return Plan(lambda _: [], lambda _: [SqlCheck("names_numeric", TABLE, sql.SQL(query).format())])


def recorded(settings: Settings, run_id: int) -> list[tuple[object, ...]]:
    with begin(settings, "checker") as connection:
        rows = connection.execute(
            sa.select(
                ledger.check_result.c.check_id,
                ledger.check_result.c.success,
                ledger.check_result.c.element_count,
                ledger.check_result.c.unexpected_count,
            ).where(ledger.check_result.c.run_id == run_id)
        )
        return [tuple(row) for row in rows]


def test_failed_blocking_check_shuts_the_door_with_counts_meaning_and_remedy(
    settings: Settings, run_id: int
) -> None:
    catalogue = Catalogue([entry("exits_after_entries")])

    with pytest.raises(GateBlocked) as refused:
        open_door(
            settings,
            run_id,
            "staging",
            plan=expecting("exits_after_entries"),
            catalogue=catalogue,
        )

    assert refused.value.facts["checks"] == ("exits_after_entries",)
    assert "The meaning of exits_after_entries" in str(refused.value)
    assert "The remedy of exits_after_entries" in str(refused.value)
    assert f"{TABLE}.exit_date, entry_date: 1 of 3" in str(refused.value)
    assert recorded(settings, run_id) == [("exits_after_entries", False, 3, 1)]
    with pytest.raises(ReleaseError, match="1 blocking"):
        ledger.require_door(settings, "checker", run_id, "staging")


def test_failed_warning_opens_the_door(settings: Settings, run_id: int) -> None:
    catalogue = Catalogue([entry("exits_after_entries", "warn")])

    result = open_door(
        settings, run_id, "staging", plan=expecting("exits_after_entries"), catalogue=catalogue
    )

    assert [one.check_id for one in result.warned] == ["exits_after_entries"]
    ledger.require_door(settings, "checker", run_id, "staging")


def test_marked_person_in_failing_checks_appears_nowhere(
    settings: Settings, run_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = Catalogue([entry("names_known"), entry("names_numeric")])
    known = expecting("names_known")
    plan = Plan(
        known.batches,
        asking(f"select count(*), sum(first_name::integer) from staging.{TABLE}").checks,
    )

    with caplog.at_level(logging.DEBUG), pytest.raises(GateBlocked) as refused:
        open_door(settings, run_id, "staging", plan=plan, catalogue=catalogue)

    pages = [path for path in (settings.home / "data_docs").rglob("*") if path.is_file()]
    assert {"index.html", f"{TABLE}.html"} <= {path.name for path in pages}
    told = [path.read_text() for path in pages] + [caplog.text, str(refused.value)]
    assert not [text for text in told if MARKED in text]
    assert MARKED not in str(recorded(settings, run_id))
    assert recorded(settings, run_id) == [
        ("names_known", False, 3, 1),
        ("names_numeric", False, None, None),
    ]
    assert "could not be evaluated (InvalidTextRepresentation)" in str(refused.value)


def test_expectation_on_a_missing_column_fails_and_is_not_counted(
    settings: Settings, run_id: int
) -> None:
    catalogue = Catalogue([entry("exits_after_entries")])

    with pytest.raises(GateBlocked, match="could not be evaluated"):
        open_door(
            settings,
            run_id,
            "staging",
            plan=expecting("exits_after_entries", column="left_on"),
            catalogue=catalogue,
        )

    assert recorded(settings, run_id) == [("exits_after_entries", False, None, None)]


def test_missing_table_fails_its_checks(settings: Settings, run_id: int) -> None:
    catalogue = Catalogue([entry("exits_after_entries"), entry("names_numeric")])
    with connect(settings, "transformer") as connection:
        connection.execute(sql.SQL("drop table staging.{}").format(sql.Identifier(TABLE)))
    plan = Plan(
        expecting("exits_after_entries").batches,
        asking(f"select count(*), 0 from staging.{TABLE}").checks,
    )

    with pytest.raises(GateBlocked) as refused:
        open_door(settings, run_id, "staging", plan=plan, catalogue=catalogue)

    assert "TableNotReadable" in str(refused.value)
    assert "UndefinedTable" in str(refused.value)


def test_door_refuses_a_layer_that_another_run_has_replaced(
    settings: Settings, run_id: int
) -> None:
    with pytest.raises(ReleaseError, match="overtaken"):
        open_door(settings, run_id - 1, "staging")


def test_pages_load_nothing_from_elsewhere(settings: Settings, run_id: int) -> None:
    catalogue = Catalogue([entry("exits_after_entries", "warn")])

    open_door(
        settings, run_id, "staging", plan=expecting("exits_after_entries"), catalogue=catalogue
    )

    folder = settings.home / "data_docs" / "staging"
    page = (folder / f"{TABLE}.html").read_text()
    assert folder.is_symlink()
    assert "Evaluated Expectations" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "@import" not in page
    assert "<link" not in page
    assert "http" not in page
