"""The check of door 3 for regions, on a few rows worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import regions

pytestmark = pytest.mark.integration

ROWS = """
    county, A, 2024-01-01, 100, true
    county, B, 2024-01-01, 50, true
    county, C, 2024-01-01, 30, true
    workforce_area, W1, 2024-01-01, 150, true
    workforce_area, W2, 2024-01-01, 30, true
    pathway_region, P1, 2024-01-01, 150, {overlapping}
    pathway_region, P2, 2024-01-01, 80, {overlapping}
    state, 55, 2024-01-01, 181, false
"""


def labor_force(few: Any, rows: str) -> None:
    few.make(
        "release_7.mart_labor_force",
        "area_type:text, area_code:text, period_date:date, labor_force_count:bigint,"
        " is_additive:boolean",
        rows,
    )
    few.database.execute(
        "alter table release_7.mart_labor_force add column period_type text default 'month',"
        " add column is_seasonally_adjusted boolean default false,"
        " add column labor_force_count_status text default 'reported'"
    )


def test_regions_that_divide_the_counties_are_summed_and_others_are_left_alone(few: Any) -> None:
    labor_force(few, ROWS.format(overlapping="false"))

    assert few.counts(regions.additive_regions("release_7")) == (1, 0)


def test_overlapping_regions_that_claim_to_add_up_are_refused(few: Any) -> None:
    # Development regions P1 and P2 both hold county B: 230 instead of 180.
    labor_force(few, ROWS.format(overlapping="true"))

    assert few.counts(regions.additive_regions("release_7")) == (2, 1)
