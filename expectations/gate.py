"""The gate: runs a door's suite and checks, records them, writes Data Docs, and opens or refuses.

Flow: `staging`, `core`, `release_<id>` -> `ops.check_result`, `<home>/data_docs/` -> the next step.
A check that cannot be evaluated has failed. Nothing here carries a value of a row.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy as sa

from expectations import data_docs
from expectations.catalogue import Catalogue, read_catalogue
from expectations.checks import core as core_checks
from expectations.checks import release as release_checks
from expectations.checks import staging as staging_checks
from expectations.counting import count_rows, count_unexpected
from expectations.doors import Door, DoorResult, Outcome, judge
from expectations.subject import Subject, read_subject
from expectations.suites import core, release, staging
from expectations.validation import Validation, validate
from p20w import ledger
from p20w.errors import DatabaseBusy, GateBlocked
from p20w.postgres import begin, connect, sqlalchemy_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from expectations.doors import Batch, SqlCheck
    from p20w.settings import Settings

logger = logging.getLogger(__name__)

GONE = {"OperationalError", "AdminShutdown", "CrashShutdown", "CannotConnectNow"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a door asks of its subject: expectations on tables, and queries over several."""

    batches: Callable[[Subject], list[Batch]]
    checks: Callable[[Subject], list[SqlCheck]]


PLANS: dict[Door, Plan] = {
    "staging": Plan(staging.batches, staging_checks.checks),
    "core": Plan(core.batches, core_checks.checks),
    "release": Plan(release.batches, release_checks.checks),
}


def open_door(
    settings: Settings,
    run_id: int,
    door: Door,
    *,
    plan: Plan | None = None,
    catalogue: Catalogue | None = None,
) -> DoorResult:
    """Check what lies behind a door and open it, or refuse.

    Args:
        settings: Where.
        run_id: Whose layer or release.
        door: Which door.
        plan: What is asked; default the door's own suite and checks.
        catalogue: The entries; default `catalogue.yml`.

    Returns:
        The results, which are also in `ops.check_result`.

    Raises:
        GateBlocked: A blocking check failed, or could not be evaluated; names checks and remedies.
        ReleaseError: What lies behind the door is not complete, or is another run's.
    """
    # The beginning: what is rebuilt while the door is checked must be checked again.
    checked_at = ledger.now()
    asked = plan or PLANS[door]
    known = catalogue or read_catalogue()
    subject = read_subject(settings, run_id, door)
    validations = validate(
        sqlalchemy_url(settings, "checker"),
        subject.schema,
        lambda: asked.batches(subject),
        f"run {run_id}, door {door}",
    )
    with _reader(settings) as connection:
        outcomes = [
            counted
            for validation in validations
            for counted in _counted(connection, subject.schema, validation)
        ]
        outcomes += [run_check(connection, check) for check in asked.checks(subject)]
    _require_steady(outcomes)
    read_subject(settings, run_id, door)
    result = DoorResult(run_id, door, checked_at, judge(door, outcomes, known))
    _record(settings, result)
    data_docs.write(settings.home, result, known, validations)
    _tell(result, known)
    if result.blocked:
        raise refusal(result, known)
    return result


def refusal(result: DoorResult, catalogue: Catalogue) -> GateBlocked:
    """The error of a door that stays shut: each check's meaning, place and remedy."""
    told = " ".join(
        f"[{failed.check_id}] {catalogue.entry(failed.check_id).meaning}"
        f" Found: {'; '.join(failed.failed[:5])}."
        f" To fix: {catalogue.entry(failed.check_id).how_to_fix}"
        for failed in result.blocked
    )
    return GateBlocked(
        f"Door {result.door} of run {result.run_id} stays shut: {len(result.blocked)} blocking"
        f" checks failed. {told} Published tables stay as they were; all results are in"
        " ops.check_result and in the home's data_docs.",
        run_id=result.run_id,
        door=result.door,
        checks=tuple(failed.check_id for failed in result.blocked),
    )


def run_check(connection: psycopg.Connection, check: SqlCheck) -> Outcome:
    """Run one query; an error of the database is a failed outcome with the error's class."""
    try:
        row = connection.execute(check.query).fetchone()
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        return Outcome(check.check_id, check.about, success=False, error=type(error).__name__)
    if row is None:
        return Outcome(check.check_id, check.about, success=False, error="NoRow")
    elements, unexpected = int(row[0]), int(row[1])
    held = unexpected <= check.allowed_share * elements
    return Outcome(check.check_id, check.about, held, elements, unexpected)


def _require_steady(outcomes: Iterable[Outcome]) -> None:
    """A server that went away says nothing about the data: try again instead of blocking."""
    if any(outcome.error in GONE for outcome in outcomes):
        raise DatabaseBusy("The database went away while a door was checked: try again.")


@contextmanager
def _reader(settings: Settings) -> Iterator[psycopg.Connection]:
    """The checker's connection: reads only, each query on its own."""
    with connect(settings, "checker", autocommit=True, application_name="p20w door") as connection:
        connection.execute("set default_transaction_read_only = on")
        yield connection


def _counted(
    connection: psycopg.Connection, schema: str, validation: Validation
) -> Iterator[Outcome]:
    """Outcomes with counts: rows of the table, and rows that break the expectation."""
    if validation.page is None:
        yield from (outcome for _, outcome in validation.outcomes)
        return
    rows = count_rows(connection, schema, validation.table)
    for config, outcome in validation.outcomes:
        if outcome.error is not None:
            yield outcome
        elif outcome.success:
            yield replace(outcome, element_count=rows, unexpected_count=0)
        else:
            broken = count_unexpected(
                connection, schema, validation.table, config.type, config.kwargs
            )
            yield replace(outcome, element_count=rows, unexpected_count=broken)


def _record(settings: Settings, result: DoorResult) -> None:
    rows = [
        {
            "run_id": result.run_id,
            "door": result.door,
            "check_id": checked.check_id,
            "severity": checked.severity,
            "success": checked.success,
            "element_count": checked.element_count,
            "unexpected_count": checked.unexpected_count,
            "checked_at": result.checked_at,
        }
        for checked in result.results
    ]
    with begin(settings, "checker") as connection:
        connection.execute(sa.insert(ledger.check_result), rows)


def _tell(result: DoorResult, catalogue: Catalogue) -> None:
    for checked in result.warned:
        logger.warning(
            "check failed door=%s check=%s found=%s remedy=%s",
            result.door,
            checked.check_id,
            "; ".join(checked.failed[:5]),
            catalogue.entry(checked.check_id).how_to_fix,
        )
    logger.info(
        "door checked door=%s run=%d checks=%d blocked=%d warned=%d",
        result.door,
        result.run_id,
        len(result.results),
        len(result.blocked),
        len(result.warned),
    )
