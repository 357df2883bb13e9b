"""The state's day at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from p20w.clock import state_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 15, 1, 0, tzinfo=UTC), date(2026, 12, 14)),  # 19:00 in Chicago
        (datetime(2026, 12, 15, 6, 0, tzinfo=UTC), date(2026, 12, 15)),  # midnight
        (datetime(2026, 7, 15, 4, 59, tzinfo=UTC), date(2026, 7, 14)),  # 23:59, summer time
    ],
)
def test_the_day_is_that_of_chicago(moment: datetime, day: date) -> None:
    assert state_day(moment) == day
