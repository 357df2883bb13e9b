"""The ledger in PostgreSQL: migrations, runs and their inputs, layers and doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ingestion.api_calls import api_call
from p20w import ledger
from p20w.errors import ReleaseError, Terminal
from p20w.postgres import begin
from p20w.settings import Settings

pytestmark = pytest.mark.integration


def complete_release(
    settings: Settings, source: str, release: str, supersedes: int | None = None
) -> tuple[int, int]:
    """A complete source release of one file, loaded once; returns its id and the load's."""
    at = datetime.now(UTC)
    with begin(settings, "loader") as connection:
        load_id = connection.scalar(
            sa.insert(ledger.load)
            .values(
                source=source,
                content_hash=f"hash of {source} {release}",
                contract_version="v1",
                layout="official",
                row_counts={"probe": 1},
                rejected_count=0,
                loaded_at=at,
            )
            .returning(ledger.load.c.load_id)
        )
        release_id = connection.scalar(
            sa.insert(ledger.source_release)
            .values(
                source=source,
                release=release,
                origin="endpoint",
                state="complete",
                supersedes=supersedes,
                opened_at=at,
                completed_at=at,
            )
            .returning(ledger.source_release.c.source_release_id)
        )
        connection.execute(
            sa.insert(ledger.landed_file).values(
                source_release_id=release_id,
                name=f"{release}.csv",
                path="landing",
                sha256="0",
                content_hash=f"hash of {source} {release}",
                size_bytes=1,
                retrieved_at=at,
                load_id=load_id,
            )
        )
    assert release_id is not None
    assert load_id is not None
    return int(release_id), int(load_id)


def inputs(settings: Settings, run_id: int) -> set[int]:
    with begin(settings, "transformer") as connection:
        rows = connection.execute(
            sa.select(ledger.run_input.c.load_id).where(ledger.run_input.c.run_id == run_id)
        )
        return {int(row.load_id) for row in rows}


def test_migrations_make_the_tables_that_the_code_describes(settings: Settings) -> None:
    with begin(settings, "owner") as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "version_table_schema": "ops",
                "include_name": lambda name, kind, _: kind != "schema" or name == "ops",
            },
        )

        differences = compare_metadata(context, ledger.metadata)

    assert api_call.metadata is ledger.metadata
    assert differences == []


def test_a_run_without_any_complete_release_is_refused(settings: Settings) -> None:
    with pytest.raises(Terminal, match="No source release is complete"):
        ledger.start_run(settings, "manual__1")

    with begin(settings, "transformer") as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(ledger.run)) == 0


def test_a_run_reads_every_vintage_but_no_superseded_snapshot(settings: Settings) -> None:
    _, vintage_2023 = complete_release(settings, "bls_oews", "2023")
    _, vintage_2024 = complete_release(settings, "bls_oews", "2024")
    monday, _ = complete_release(settings, "edfi", "monday")
    _, tuesday = complete_release(settings, "edfi", "tuesday", supersedes=monday)

    run_id = ledger.start_run(settings, "manual__1")

    assert inputs(settings, run_id) == {vintage_2023, vintage_2024, tuesday}


def test_a_retried_start_gets_the_run_it_began_with_the_same_inputs(settings: Settings) -> None:
    _, first = complete_release(settings, "bls_oews", "2023")
    run_id = ledger.start_run(settings, "manual__1")
    complete_release(settings, "bls_oews", "2024")

    assert ledger.start_run(settings, "manual__1") == run_id
    assert inputs(settings, run_id) == {first}
    assert ledger.start_run(settings, "manual__2") != run_id


def test_a_layer_counts_only_when_complete_and_not_overtaken(settings: Settings) -> None:
    complete_release(settings, "bls_oews", "2023")
    one, two = (ledger.start_run(settings, name) for name in ("manual__1", "manual__2"))

    with pytest.raises(ReleaseError, match="not complete"):
        ledger.require_layer(settings, "transformer", one, "core")
    ledger.record_layer(settings, "transformer", one, "core", "running")
    with pytest.raises(ReleaseError, match="not complete"):
        ledger.require_layer(settings, "transformer", one, "core")
    ledger.record_layer(settings, "transformer", one, "core", "complete")
    ledger.require_layer(settings, "transformer", one, "core")

    ledger.record_layer(settings, "transformer", two, "core", "running")
    with pytest.raises(ReleaseError, match="overtaken"):
        ledger.require_layer(settings, "transformer", one, "core")


def test_the_newest_results_of_a_door_decide(settings: Settings) -> None:
    complete_release(settings, "bls_oews", "2023")
    run_id = ledger.start_run(settings, "manual__1")

    def check(*, success: bool, severity: str, minutes: int) -> None:
        with begin(settings, "checker") as connection:
            connection.execute(
                sa.insert(ledger.check_result).values(
                    run_id=run_id,
                    door="core",
                    check_id="probe",
                    severity=severity,
                    success=success,
                    checked_at=at + timedelta(minutes=minutes),
                )
            )

    ledger.record_layer(settings, "transformer", run_id, "core", "running")
    ledger.record_layer(settings, "transformer", run_id, "core", "complete")
    at = ledger.now()
    with pytest.raises(ReleaseError, match="0 results"):
        ledger.require_door(settings, "transformer", run_id, "core")
    check(success=False, severity="block", minutes=0)
    with pytest.raises(ReleaseError, match="1 blocking"):
        ledger.require_door(settings, "transformer", run_id, "core")
    check(success=False, severity="warn", minutes=1)
    ledger.require_door(settings, "transformer", run_id, "core")


def test_results_of_a_door_end_with_the_layer_that_they_are_about(settings: Settings) -> None:
    complete_release(settings, "bls_oews", "2023")
    run_id = ledger.start_run(settings, "manual__1")
    ledger.record_layer(settings, "transformer", run_id, "staging", "complete")
    with begin(settings, "checker") as connection:
        connection.execute(
            sa.insert(ledger.check_result).values(
                run_id=run_id,
                door="staging",
                check_id="probe",
                severity="block",
                success=True,
                checked_at=ledger.now(),
            )
        )
    ledger.require_door(settings, "linker", run_id, "staging")

    for state in ("running", "complete"):
        ledger.record_layer(settings, "transformer", run_id, "staging", state)
        with pytest.raises(ReleaseError, match="0 results since it was last built"):
            ledger.require_door(settings, "linker", run_id, "staging")


def test_a_run_that_succeeded_stays_so(settings: Settings) -> None:
    complete_release(settings, "bls_oews", "2023")
    run_id = ledger.start_run(settings, "manual__1")

    ledger.finish_run(settings, run_id, "succeeded")
    ledger.finish_run(settings, run_id, "failed")

    with begin(settings, "transformer") as connection:
        state = connection.scalar(sa.select(ledger.run.c.state))
    assert state == "succeeded"
