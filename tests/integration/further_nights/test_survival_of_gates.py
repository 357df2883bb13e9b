"""A blocking check fails: readers keep what they have, the night goes on once it is mended."""

from __future__ import annotations

import pytest

from expectations.gate import open_door
from p20w import dbt_runner, ledger
from p20w.errors import GateBlocked, ReleaseError
from p20w.postgres import connect
from p20w.release import audit, current_release, protect, publish
from p20w.settings import Settings
from tests.integration.survival import Survival, contents, one

pytestmark = pytest.mark.integration

WHICH = "student_key = (select min(student_key::text)::uuid from core.fct_enrollment_span)"
BREAK = f"update core.fct_enrollment_span set enrolled_days = -enrolled_days where {WHICH}"
SEEN_BY_READERS = ("marts", "accountability")
FAILED = (
    "select array_agg(check_id) from ops.check_result"
    " where run_id = %s and severity = 'block' and not success"
)


def next_run_with_core(settings: Settings) -> int:
    """A second night on the same inputs: what the first one built up to the star schema is its."""
    run_id = ledger.start_run(settings)
    ledger.record_layer(settings, "transformer", run_id, "staging", "complete")
    ledger.record_layer(settings, "linker", run_id, "identity", "complete")
    ledger.record_layer(settings, "transformer", run_id, "core", "complete")
    with connect(settings, "owner") as connection:
        connection.execute(
            "insert into ops.check_result select %s, door, check_id, severity, success,"
            " element_count, unexpected_count, now() from ops.check_result where door = 'staging'",
            [run_id],
        )
    return run_id


def change_core(settings: Settings) -> int:
    with connect(settings, "owner") as connection:
        return connection.execute(BREAK).rowcount


def test_a_failed_blocking_check_leaves_readers_what_they_have_until_it_is_mended(
    undisturbed: Survival,
) -> None:
    settings = undisturbed.go_back("published")
    before = {schema: contents(settings, schema) for schema in SEEN_BY_READERS}
    run_id = next_run_with_core(settings)
    assert change_core(settings) > 0

    with pytest.raises(GateBlocked, match="spans_in_range"):
        open_door(settings, run_id, "core")

    assert one(settings, FAILED, run_id) == ["spans_in_range"]
    with pytest.raises(ReleaseError, match="1 blocking"):
        dbt_runner.build(settings, run_id, "marts")
    with pytest.raises(ReleaseError, match="marts of run 2 is not complete"):
        protect(settings, run_id)
    with pytest.raises(ReleaseError, match="found: none"):
        publish(settings, run_id)
    assert {schema: contents(settings, schema) for schema in SEEN_BY_READERS} == before
    assert contents(settings, "candidate") == undisturbed.contents["candidate"]

    change_core(settings)
    open_door(settings, run_id, "core")
    dbt_runner.build(settings, run_id, "marts")
    release_id = protect(settings, run_id)
    audit(settings, run_id)
    open_door(settings, run_id, "release")
    publish(settings, run_id)

    now = current_release(settings)
    assert now is not None
    assert now.release_id == release_id == 2
    assert {schema: contents(settings, schema) for schema in SEEN_BY_READERS} == before
