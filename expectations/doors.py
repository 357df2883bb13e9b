"""The words of the doors: batches, checks, outcomes, results, and the pure decision over them.

Flow: suites and checks -> `Outcome` per expectation or query -> `judge` -> `CheckResult` per id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import sql

    from expectations.catalogue import Catalogue

Door = Literal["staging", "core", "release"]
Severity = Literal["block", "warn"]
Tables: TypeAlias = Mapping[str, Mapping[str, str]]
"""Columns and their types, by table, of one schema."""

NOT_EVALUATED = "NotEvaluated"


@dataclass(frozen=True, slots=True)
class Batch:
    """A table and the Great Expectations objects that must hold on it."""

    table: str
    expectations: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SqlCheck:
    """What Great Expectations cannot say: a query of one row, elements and unexpected ones.

    `allowed_share` (0-1) of the elements may be unexpected before the check fails.
    """

    check_id: str
    about: str
    query: sql.Composed
    allowed_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation or query: whether it held, counts, and the error's class if it had one."""

    check_id: str
    about: str
    success: bool
    element_count: int | None = None
    unexpected_count: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check's outcomes together; `failed` says where, without a value of a row."""

    check_id: str
    severity: Severity
    success: bool
    element_count: int | None
    unexpected_count: int | None
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoorResult:
    """What a door said about a run."""

    run_id: int
    door: Door
    checked_at: datetime
    results: tuple[CheckResult, ...]

    @property
    def blocked(self) -> tuple[CheckResult, ...]:
        """The failures that stop the run."""
        return tuple(
            result for result in self.results if not result.success and result.severity == "block"
        )

    @property
    def warned(self) -> tuple[CheckResult, ...]:
        """The failures that a steward should look at."""
        return tuple(
            result for result in self.results if not result.success and result.severity == "warn"
        )


def judge(door: Door, outcomes: Iterable[Outcome], catalogue: Catalogue) -> tuple[CheckResult, ...]:
    """Bring outcomes together, one result per check of the door, in the catalogue's order.

    A check without any outcome has failed: silence is not a pass.

    Raises:
        ConfigurationError: An outcome's id is not in the catalogue for this door.
    """
    by_check: dict[str, list[Outcome]] = {entry.id: [] for entry in catalogue.of_door(door)}
    for outcome in outcomes:
        if outcome.check_id not in by_check:
            raise ConfigurationError(
                f"Check {outcome.check_id} is not in the catalogue for door {door}: add its entry"
                " (meaning, when it matters, how to fix) to expectations/catalogue.yml."
            )
        by_check[outcome.check_id].append(outcome)
    return tuple(
        _together(check_id, catalogue.entry(check_id).severity, found)
        for check_id, found in by_check.items()
    )


def _together(check_id: str, severity: Severity, outcomes: list[Outcome]) -> CheckResult:
    if not outcomes:
        return CheckResult(check_id, severity, False, None, None, (NOT_EVALUATED,))  # noqa: FBT003 - a record
    return CheckResult(
        check_id=check_id,
        severity=severity,
        success=all(outcome.success for outcome in outcomes),
        element_count=_sum(outcome.element_count for outcome in outcomes),
        unexpected_count=_sum(outcome.unexpected_count for outcome in outcomes),
        failed=tuple(_told(outcome) for outcome in outcomes if not outcome.success),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    """The sum, or None where a count is unknown: unknown is not zero."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def _told(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"{outcome.about}: could not be evaluated ({outcome.error})"
    if outcome.element_count is None or outcome.unexpected_count is None:
        return outcome.about
    return f"{outcome.about}: {outcome.unexpected_count} of {outcome.element_count}"
