"""The night: from the newest complete release of every source to published marts.

## Purpose
At 02:00 (Chicago) the warehouse is built and published: staging, people, facts, marts, each behind
its door; then the protected copies, the attacker's audit, the release and its exports. The night
never waits for a source: one that failed takes part with its previous release, and `release_info`
says so. A home that was down at two runs the missed night once when it comes up.

## What a failure means
Readers still see the release before, whole. A failed `door_` task found wrong data: the result is
in `ops.check_result`, the check's meaning in `expectations/catalogue.yml`. A failed `audit` found a
withheld cell that could be recomputed. A failed `build_` task broke a rule of the models: see
`ops.dbt_result`. What could mend itself has already been tried again.

## What to do
The last line of the failed task's log ends with the next step. Mend the cause, then clear the
failed task: the run goes on from there with the same inputs. For newer inputs trigger a new run. To
take a published release back, trigger `rollback_release`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Asset, TriggerRule, chain
from notify import tell
from warehouse_tasks import clock, step

from p20w.night import STEPS

OUTLETS = {"publish": [Asset("p20w://published/marts")]}

with DAG(
    "nightly",
    doc_md=__doc__,
    schedule=clock("0 2 * * *"),
    catchup=False,
    max_active_runs=1,
    tags=["warehouse"],
    default_args={
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": 2,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=3),
        "on_failure_callback": tell,
    },
):
    run = step("start_run", "p20w.ledger:start_run")("{{ run_id }}")
    steps = [
        step(each.name, each.function, outlets=OUTLETS.get(each.name, []))(run, *each.arguments)
        for each in STEPS
    ]
    finish = "p20w.ledger:finish_run"
    chain(*steps, step("record_success", finish)(run, "succeeded"))
    # Both ends are leaves, and a failure leaves `record_success` unreached: the run shows failed.
    failed = step("record_failure", finish, trigger_rule=TriggerRule.ONE_FAILED)(run, "failed")
    chain(steps, failed)
