"""Which release's student cells a night carries over, and when it counts anew."""

from __future__ import annotations

import pytest

from p20w.postgres import begin, connect
from p20w.release.publication_dates import origin_of_cells
from p20w.settings import Settings

pytestmark = pytest.mark.integration

CALENDAR = (
    "create table reference.publication_calendar as"
    " select '2026-12-15'::date as publication_date, 'certified_fall' as occasion"
    " union all select '2027-01-15', 'clearinghouse_return'"
)


def night(settings: Settings, as_of: str, state: str, *, counted: bool = True) -> int:
    """A run of that day with a release in that state; returns the run's id, also the release's."""
    with connect(settings, "owner") as connection:
        row = connection.execute(
            "insert into ops.run (kind, state, started_at, code_commit, as_of_date)"
            " values ('nightly', 'running', now(), 'test', %s) returning run_id",
            [as_of],
        ).fetchone()
        assert row is not None
        connection.execute(
            "insert into ops.release (release_id, run_id, state, created_at, code_commit,"
            " publication_date, synthetic) values (%s, %s, %s, now(), 'test', %s, true)",
            [row[0], row[0], state, counted],
        )
    return int(row[0])


@pytest.fixture
def calendar(settings: Settings) -> Settings:
    with connect(settings, "transformer") as connection:
        connection.execute(CALENDAR)
    return settings


def origin(settings: Settings, as_of: str) -> int | None:
    """What a night of that day carries over."""
    run_id = night(settings, as_of, "building")
    with begin(settings, "publisher") as connection:
        return origin_of_cells(connection, run_id)


def test_the_first_release_of_a_home_counts(calendar: Settings) -> None:
    assert origin(calendar, "2026-11-24") is None


@pytest.mark.parametrize(
    ("as_of", "carried"),
    [("2026-12-14", 1), ("2026-12-15", None), ("2026-12-17", None), ("2027-01-20", None)],
)
def test_a_date_that_was_missed_counts_on_the_next_night(
    calendar: Settings, as_of: str, carried: int | None
) -> None:
    night(calendar, "2026-11-24", "published")
    night(calendar, "2026-12-13", "published", counted=False)

    assert origin(calendar, as_of) == carried


@pytest.mark.parametrize(
    ("state", "carried"), [("published", 2), ("withdrawn", None), ("audited", None)]
)
def test_a_date_is_used_up_by_a_published_release_only(
    calendar: Settings, state: str, carried: int | None
) -> None:
    night(calendar, "2026-11-24", "published")
    night(calendar, "2026-12-17", state)

    assert origin(calendar, "2026-12-18") == carried
