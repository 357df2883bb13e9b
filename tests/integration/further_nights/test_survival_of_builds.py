"""A dbt build killed, its server killed, two nights at once: a layer is whole and of one run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from expectations.gate import open_door
from p20w import dbt_runner, identity, ledger
from p20w.errors import DatabaseBusy, ReleaseError
from p20w.postgres import begin, connect, dsn
from p20w.settings import Settings
from tests.integration.survival import (
    HELD_UP,
    RUN,
    Survival,
    backends,
    child,
    contents,
    held,
    is_held_up,
    one,
    until,
)
from tests.integration.test_ledger import complete_release

pytestmark = pytest.mark.integration

BUILD = "p20w.dbt_runner:build"
STATES = "select jsonb_object_agg(layer, state) from ops.layer_build where run_id = %s"
BUILT = "select count(*) from ops.dbt_result where run_id = %s and layer = %s"
LATE = "lock table staging.stg_nsc__degrees in access exclusive mode"
OF_DBT = f"application_name ~ '^p20w_dbt' and {HELD_UP}"


def test_a_killed_build_is_cleared_away_by_its_retry_which_ends_the_same(
    undisturbed: Survival,
) -> None:
    settings = undisturbed.go_back("linked")
    # As on a server that does not look whether its clients still live.
    with connect(settings, "owner") as owner:
        owner.execute("alter role p20w_transformer_login set client_connection_check_interval = 0")

    with held(settings, LATE) as lock, child(settings, BUILD, run_id=RUN, layer="core") as killed:
        until(lambda: one(settings, BUILT, RUN, "core") and is_held_up(settings), killed)
        killed.kill()
        left_behind = set(backends(settings, OF_DBT))
        assert left_behind
        with child(settings, BUILD, run_id=RUN, layer="core") as retried:
            until(lambda: not left_behind & set(backends(settings)), retried)
            lock.rollback()
            assert retried.wait() == 0, retried.told

    assert one(settings, BUILT + " and status = 'error'", RUN, "core") == 0
    assert contents(settings, "core") == undisturbed.contents["core"]
    assert backends(settings) == []


def test_a_build_that_lost_a_connection_or_the_server_may_be_tried_again_and_ends_the_same(
    undisturbed: Survival,
) -> None:
    settings = undisturbed.go_back("checked")
    where = dsn(settings, "owner")

    with held(settings, "lock table core.fct_lmi_wage in access exclusive mode"):
        with child(settings, BUILD, run_id=RUN, layer="marts") as disconnected:
            until(lambda: is_held_up(settings), disconnected)
            one(
                settings,
                f"select count(pg_terminate_backend(pid)) from pg_stat_activity where {OF_DBT}",
            )
            assert disconnected.wait() == 1
            assert "DatabaseBusy: Layer marts of run 1: the database" in disconnected.told
        with child(settings, BUILD, run_id=RUN, layer="marts") as cut_off:
            until(lambda: is_held_up(settings), cut_off)
            undisturbed.server.kill()
            assert cut_off.wait() == 1
            assert "DatabaseBusy" in cut_off.told
    undisturbed.start_server()
    done = dbt_runner.build(settings, RUN, "marts")

    assert dsn(settings, "owner") == where
    assert done.kept > 0
    assert contents(settings, "candidate") == undisturbed.contents["candidate"]
    assert backends(settings) == []


def test_two_nights_at_once_end_as_one_whole_night(undisturbed: Survival) -> None:
    settings = undisturbed.go_back("linked")
    second = ledger.start_run(settings)

    with (
        held(settings, LATE) as lock,
        child(settings, BUILD, run_id=RUN, layer="core") as overtaken,
    ):
        until(lambda: is_held_up(settings), overtaken)
        with child(settings, BUILD, run_id=second, layer="staging") as overtaking:
            until(lambda: one(settings, BUILT, second, "staging"), overtaking)
            with pytest.raises(DatabaseBusy, match="Another process builds layer staging now"):
                dbt_runner.build(settings, ledger.start_run(settings), "staging")
            lock.rollback()
            assert overtaken.wait() == 1
            assert f"Run {second} has rebuilt layer staging" in overtaken.told
            assert overtaking.wait() == 0, overtaking.told

    assert contents(settings, "staging") == undisturbed.contents["staging"]
    assert one(settings, STATES, second) == {"staging": "complete"}
    assert one(settings, STATES, RUN)["core"] != "complete"
    with pytest.raises(ReleaseError, match=f"Run {second} has rebuilt layer staging"):
        identity.resolve(settings, RUN)
    with pytest.raises(ReleaseError, match=f"Run {second} has rebuilt layer staging"):
        dbt_runner.build(settings, RUN, "core")
    with pytest.raises(ReleaseError, match="Layer core of run 1 is not complete"):
        open_door(settings, RUN, "core")
    assert backends(settings) == []


def test_a_night_that_is_started_twice_at_once_is_one_run(settings: Settings) -> None:
    complete_release(settings, "bls_oews", "2023")

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: ledger.start_run(settings, "manual__1"), range(4)))

    assert set(runs) == {runs[0]}
    assert one(settings, "select count(*) from ops.run") == 1


def record(settings: Settings, run_id: int, layer: str, minute: int, node: str = "") -> None:
    """A layer begun and completed at that minute, or one node of it built then."""
    at = ledger.now() + timedelta(minutes=minute)
    table, row = (
        (ledger.dbt_result, {"node_id": node, "status": "success", "finished_at": at})
        if node
        else (ledger.layer_build, {"state": "complete", "started_at": at, "completed_at": at})
    )
    with begin(settings, "transformer") as connection:
        connection.execute(sa.insert(table), row | {"run_id": run_id, "layer": layer})


def test_a_retry_keeps_only_what_no_other_run_has_built_over(settings: Settings) -> None:
    complete_release(settings, "bls_oews", "2023")
    mine, other = (ledger.start_run(settings, name) for name in ("manual__1", "manual__2"))
    record(settings, mine, "staging", 1)
    record(settings, mine, "core", 2)
    record(settings, mine, "core", 3, "early")
    assert dbt_runner._results_before(settings, mine, "core").keys() == {"early"}

    record(settings, other, "core", 4)
    assert dbt_runner._results_before(settings, mine, "core").keys() == set()

    record(settings, mine, "core", 5, "late")
    assert dbt_runner._results_before(settings, mine, "core").keys() == {"late"}


def test_a_retry_keeps_nothing_when_the_layer_below_was_done_again(settings: Settings) -> None:
    complete_release(settings, "bls_oews", "2023")
    run_id = ledger.start_run(settings, "manual__1")
    record(settings, run_id, "core", 1, "early")
    record(settings, run_id, "identity", 2)

    assert dbt_runner._results_before(settings, run_id, "core") == {}
