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

    assert few.counts(regions.additive_labor_force("release_7")) == (1, 0)


def test_overlapping_regions_that_claim_to_add_up_are_refused(few: Any) -> None:
    # Development regions P1 and P2 both hold county B: 230 instead of 180.
    labor_force(few, ROWS.format(overlapping="true"))

    assert few.counts(regions.additive_labor_force("release_7")) == (2, 1)


INDUSTRIES = """
    county, A, 100, reported, true
    county, B, 50, {county}, true
    workforce_area, W1, 100, reported, true
    workforce_area, W2, 50, reported, true
    pathway_region, P1, 150, reported, {overlapping}
    pathway_region, P2, 50, reported, {overlapping}
    state, 55, 151, reported, false
"""


def industry_profile(few: Any, rows: str) -> None:
    few.make(
        "release_7.mart_industry_profile",
        "area_type:text, area_code:text, establishment_count:bigint,"
        " establishment_count_status:text, is_additive:boolean",
        rows,
    )
    few.database.execute(
        "alter table release_7.mart_industry_profile add column calendar_year integer default 2024,"
        " add column naics_code text default '23', add column ownership_code text default '5'"
    )


@pytest.mark.parametrize(
    ("overlapping", "county", "expected"),
    [
        ("false", "reported", (1, 0)),
        ("true", "reported", (2, 1)),
        ("true", "suppressed_at_source", (0, 0)),
    ],
)
def test_an_industrys_regions_are_its_counties_or_say_that_they_are_not_summed(
    few: Any, overlapping: str, county: str, expected: tuple[int, int]
) -> None:
    # P1 and P2 both hold county B: 200 establishments instead of 150.
    industry_profile(few, INDUSTRIES.format(overlapping=overlapping, county=county))

    assert few.counts(regions.additive_industries("release_7", "establishment_count")) == expected


DEMAND = """
    state, 55, agency, 300, false
    workforce_area, W1, agency, 190, true
    workforce_area, W2, agency, {openings}, true
    pathway_region, P1, agency, 300, false
    pathway_region, P2, agency, 300, false
    state, 17, agency, 9000, false
"""


# Two areas and the state are each rounded to ten at most: up to 15 apart.
@pytest.mark.parametrize(
    ("openings", "expected"), [("95", (1, 0)), ("94", (1, 1)), ("126", (1, 1)), ("", (0, 0))]
)
def test_openings_of_additive_regions_are_the_states_but_for_rounding(
    few: Any, openings: str, expected: tuple[int, int]
) -> None:
    few.database.execute("create table reference.reporting_state as select '55' as state_fips")
    few.make(
        "release_7.mart_region_demand",
        "area_type:text, area_code:text, publication_name:text, openings_count:bigint,"
        " is_additive:boolean",
        DEMAND.format(openings=openings),
    )
    few.database.execute(
        "alter table release_7.mart_region_demand add column soc_vintage text default '2018',"
        " add column soc_code text default '29-1141', add column horizon text default 'long',"
        " add column base_year integer default 2024,"
        " add column projected_year integer default 2034"
    )

    assert few.counts(regions.additive_demand("release_7")) == expected
