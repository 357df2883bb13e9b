"""Checks of the labor force find what they are for."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import labor_force

pytestmark = pytest.mark.integration

COLUMNS = (
    "area_type:text, period_type:text, period_date:date, is_seasonally_adjusted:boolean,"
    " labor_force_count:bigint, labor_force_count_status:text, employed_count:bigint,"
    " employed_count_status:text, unemployed_count:bigint, unemployed_count_status:text,"
    " unemployment_rate_pct:numeric, unemployment_rate_pct_status:text"
)
OK = "reported"


def labor_force_mart(few: Any, *rows: str) -> None:
    few.make("release_7.mart_labor_force", COLUMNS, "\n".join(rows))


def row(area: str, month: str, force: str, employed: str, unemployed: str, rate: str) -> str:
    told = [
        cell
        for figure in (force, employed, unemployed, rate)
        for cell in (figure, OK if figure else "never_collected")
    ]
    return ", ".join([area, "month", month, "false", *told])


def test_a_rate_that_its_counts_do_not_give_is_found(few: Any) -> None:
    labor_force_mart(
        few,
        row("county", "2025-01-01", "1000", "970", "30", "3.0"),
        # 39 / 1200 = 3.25: the publisher printed 3.3, one step from 3.2 or 3.3.
        row("county", "2025-02-01", "1200", "1161", "39", "3.3"),
        row("county", "2025-03-01", "1000", "970", "30", "3.2"),
        row("county", "2025-04-01", "1000", "980", "30", "3.0"),
        row("county", "2025-10-01", "", "", "", ""),
    )

    assert few.counts(labor_force.rates_recompute("release_7")) == (4, 2)


def test_counties_above_their_state_are_found(few: Any) -> None:
    labor_force_mart(
        few,
        row("state", "2025-01-01", "1000", "970", "30", "3.0"),
        row("county", "2025-01-01", "600", "590", "10", "1.7"),
        row("county", "2025-01-01", "404", "394", "10", "2.5"),
        row("state", "2025-02-01", "1000", "970", "30", "3.0"),
        row("county", "2025-02-01", "600", "590", "10", "1.7"),
        row("county", "2025-02-01", "600", "590", "10", "1.7"),
    )

    # 1,004 is within the half percent of rounding, 1,200 is not.
    assert few.counts(labor_force.counties_within_state("release_7")) == (2, 1)


OBSERVED = """
    LAUST550000000000003, 2025
    LAUST550000000000003, 2024
    LAUCN550250000000003, 2025
    LAUCN559990000000003, 2025
"""


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("LAUST550000000000003\nLAUCN550250000000003\nLAUCN550010000000003", (3, 1)),
        ("", (0, 0)),
    ],
    ids=["listed", "no_list"],
)
def test_a_series_that_the_publishers_list_lacks_is_found(
    few: Any, listed: str, expected: tuple[int, int]
) -> None:
    few.make("staging.stg_bls_laus__observations", "series_id:text, calendar_year:int", OBSERVED)
    few.make("staging.stg_bls_laus__series", "series_id:text", listed)

    assert few.counts(labor_force.series_listed()) == expected
