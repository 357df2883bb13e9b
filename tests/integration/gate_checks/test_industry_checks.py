"""Checks of the employment census: elements and unexpected ones of a few rows, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import industries
from expectations.doors import SqlCheck

pytestmark = pytest.mark.integration

CELL = (
    "area_fips:text, naics_code:text, ownership_code:text, size_class_code:text,"
    " calendar_year:int, quarter_code:text, load_id:int"
)
MONTHS = (
    "month1_employment_count:int, month2_employment_count:int, month3_employment_count:int,"
    " total_wage_usd:bigint, weekly_mean_wage_usd:int"
)
PLACE = "55025, 23, 5, 0, 2023, {quarter}, 1"


def check(check_id: str, about: str) -> SqlCheck:
    (found,) = [
        one
        for one in (
            *industries.industry_core_checks(),
            *industries.industry_release_checks("release_7"),
        )
        if (one.check_id, one.about) == (check_id, about)
    ]
    return found


@pytest.mark.parametrize(
    ("staged", "fact", "unexpected"),
    [
        ("N, 4,,,,,, suppressed_at_source", ",,,,", 0),
        # Zeros that nobody decoded, a figure that slipped into the fact, a lost status.
        ("N, 4, 0, 0, 0, 0, 0, suppressed_at_source", ",,,,", 1),
        ("N, 4,,,,,, suppressed_at_source", ",, 30,,", 1),
        ("N, 4,,,,,, reported", ",,,,", 1),
        # A dash is a cell without establishments, its zeros are true.
        ("-, 0, 0, 0, 0, 0,, reported", "0, 0, 0, 0,", 0),
        ("-, 3, 0, 0, 0, 0,, reported", "0, 0, 0, 0,", 1),
    ],
)
def test_withheld_quarter_with_a_figure_is_found(
    few: Any, staged: str, fact: str, unexpected: int
) -> None:
    few.make(
        "staging.stg_bls_qcew__quarterly",
        f"{CELL}, disclosure_code:text, establishment_count:int, {MONTHS},"
        " month1_employment_count_status:text",
        f"{PLACE.format(quarter=1)}, {staged}\n"
        f"{PLACE.format(quarter=2)},, 9, 30, 30, 30, 900, 30, reported",
    )
    few.make(
        "core.fct_lmi_employment",
        f"{CELL}, {MONTHS}",
        f"{PLACE.format(quarter=1)}, {fact}\n{PLACE.format(quarter=2)}, 30, 30, 30, 900, 30",
    )

    counted = few.counts(check("qcew_N_cells_are_null", "stg_bls_qcew__quarterly"))

    assert counted == (1, unexpected)


def test_withheld_year_with_a_figure_is_found(few: Any) -> None:
    figures = "average_employment_count:int, total_wage_usd:bigint, weekly_mean_wage_usd:int"
    few.make(
        "staging.stg_bls_qcew__annual",
        f"{CELL}, disclosure_code:text, establishment_count:int, {figures},"
        " average_employment_count_status:text",
        f"{PLACE.format(quarter='A')}, N, 4,,,, suppressed_at_source\n"
        f"55001, 23, 5, 0, 2023, A, 1, N, 4, 0, 0, 0, suppressed_at_source",
    )
    few.make("core.fct_lmi_employment", f"{CELL}, {figures}", "")

    assert few.counts(check("qcew_N_cells_are_null", "stg_bls_qcew__annual")) == (2, 1)


def test_level_of_another_area_ownership_or_depth_is_found(few: Any) -> None:
    few.make(
        "core.dim_industry",
        "naics_vintage:text, naics_code:text, industry_level:text, aggregation_digit:text",
        "2022, 10, total, 1\n2022, 1013, supersector, 3\n2022, 31-33, sector, 4",
    )
    few.make(
        "core.fct_lmi_employment",
        "area_type:text, naics_vintage:text, naics_code:text, ownership_code:text,"
        " size_class_code:text, aggregation_level_code:text",
        """
        county, 2022, 10, 0, 0, 70
        county, 2022, 10, 5, 0, 71
        state, 2022, 1013, 5, 0, 53
        nation, 2022, 31-33, 5, 0, 14
        undefined_county, 2022, 31-33, 5, 0, 74
        nation, 2022, 10, 9, 0, 94
        state, 2022, 10, 5, 3, 61
        county, 2022, 1013, 5, 0, 74
        county, 2022, 31-33, 5, 0, 54
        county, 2022, 311, 5, 0, 75
        """,
    )

    # Of the last three one is a supersector told as a sector, one a state's row, one unknown.
    assert few.counts(check("agglvl_not_mixed", "fct_lmi_employment")) == (8, 3)


@pytest.mark.parametrize(("construction", "unexpected"), [("60", 0), ("62", 1), ("", 0)])
def test_industries_of_one_depth_with_more_jobs_than_all_are_found(
    few: Any, construction: str, unexpected: int
) -> None:
    few.make(
        "core.dim_industry",
        "naics_vintage:text, naics_code:text, industry_level:text",
        "2022, 10, total\n2022, 1013, supersector\n2022, 31-33, sector\n2022, 23, sector",
    )
    few.make(
        "core.int_industry__regions_summed",
        "area_type:text, area_code:text, ownership_code:text, calendar_year:int,"
        " naics_vintage:text, naics_code:text, average_employment_count:int,"
        " average_employment_count_status:text",
        f"""
        county, 55025, 5, 2023, 2022, 10, 100, reported
        county, 55025, 5, 2023, 2022, 1013, 40, reported
        county, 55025, 5, 2023, 2022, 31-33, 40, reported
        county, 55025, 5, 2023, 2022, 23, {construction}, reported
        county, 55001, 5, 2023, 2022, 10,, suppressed_at_source
        county, 55001, 5, 2023, 2022, 23, 40, reported
        """,
    )

    # Total, supersectors and sectors of a county; 102 jobs are more than 100, half a job in a
    # hundred by tolerance and one by the rounding of two industries.
    counted = few.counts(check("agglvl_not_mixed", "int_industry__regions_summed"))
    assert counted == (3, unexpected)


@pytest.mark.parametrize(("dane", "unexpected"), [(70, 0), (71, 0), (73, 1)])
def test_counties_with_more_jobs_than_their_state_are_found(
    few: Any, dane: int, unexpected: int
) -> None:
    few.make(
        "release_7.mart_industry_profile",
        "area_type:text, calendar_year:int, naics_code:text, ownership_code:text,"
        " average_employment_count:int, average_employment_count_status:text",
        f"""
        state, 2023, 23, 5, 100, reported
        state, 2022, 23, 5,, suppressed_at_source
        county, 2023, 23, 5, {dane}, reported
        county, 2023, 23, 5, 30, reported
        county, 2023, 23, 5,, suppressed_at_source
        county, 2023, 31-33, 5, 900, reported
        workforce_area, 2023, 23, 5, 100, reported
        """,
    )

    # Two counties may be one job above by rounding, and half a job in a hundred by tolerance.
    counted = few.counts(check("county_sum_within_state", "mart_industry_profile"))
    assert counted == (1, unexpected)
