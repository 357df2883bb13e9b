"""Checks of designations: a few occupations, and figures that are taken away, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import designations

pytestmark = pytest.mark.integration
OCCUPATION = "area_type:text, area_code:text, soc_vintage:text, soc_code:text"
# High wage: above the state's. In demand: two of three, and a share; or by apprenticeship.
CONDITIONS = """
    HOT, hot-1, high_wage, 1, 1, 1, 1, annual_median_wage_usd, state_all_occupations
    TWO, two-1, in_demand, 1, 1, 2, 1, postings_per_job, area_median_occupation
    TWO, two-1, in_demand, 1, 1, 2, 2, openings_per_job, area_median_occupation
    TWO, two-1, in_demand, 1, 1, 2, 3, growth_pct, area_median_occupation
    TWO, two-1, in_demand, 1, 2, 1, 1, employment_share_pct, constant
    TWO, two-1, in_demand, 2, 1, 1, 1, is_apprenticeship, constant
    HOT, hot-2, high_wage, 1, 1, 1, 1, hires_per_job, constant
"""
MEASURES = """
    state, 55, 2018, 00-0000, 2024, wage, annual_median_wage_usd, 50000
    region, R, 2018, 29-1141, 2024, wage, annual_median_wage_usd, 90000
    region, R, 2018, 29-1141, 2022, projection, openings_per_job, 0.1
    region, R, 2018, 29-1141, 2022, projection, growth_pct, 9
    region, R, 2018, 29-1141, 2022, projection, employment_share_pct, 2
    region, R, 2018, 29-1141, 2024, requirement, is_apprenticeship, 0
    region, R, 2018, 47-2111, 2022, projection, openings_per_job, 0.2
    region, R, 2018, 47-2111, 2022, projection, growth_pct, 1
    region, R, 2018, 47-2111, 2022, projection, employment_share_pct, 0.01
    region, R, 2018, 47-2111, 2024, requirement, is_apprenticeship, 0.0
    region, R, 2018, 19-2031, 2024, wage, annual_median_wage_usd,
    region, R, 2018, 19-2031, 2023, wage, annual_median_wage_usd, 95000
"""
COMPARED = """
    region, R, 2018, 29-1141, HOT, hot-1, high_wage, 1, 1, 1, 1
    region, R, 2018, 29-1141, TWO, two-1, in_demand, 1, 1, 1,
    region, R, 2018, 29-1141, TWO, two-1, in_demand, 1, 1, 2, 1
    region, R, 2018, 29-1141, TWO, two-1, in_demand, 1, 1, 3, 1
    region, R, 2018, 29-1141, TWO, two-1, in_demand, 1, 2, 1, 1
    region, R, 2018, 29-1141, TWO, two-1, in_demand, 2, 1, 1, 0
    region, R, 2018, 19-2031, HOT, hot-1, high_wage, 1, 1, 1, 0
    region, R, 2018, 47-2111, TWO, two-1, in_demand, 1, 1, 1,
    region, R, 2018, 47-2111, TWO, two-1, in_demand, 1, 1, 2, 0
    region, R, 2018, 47-2111, TWO, two-1, in_demand, 1, 1, 3, 0
    region, R, 2018, 47-2111, TWO, two-1, in_demand, 1, 2, 1, 0
    region, R, 2018, 47-2111, TWO, two-1, in_demand, 2, 1, 1, 0
"""
DESIGNATED = """
    region, R, 2018, 29-1141, HOT, hot-1, high_wage, 2024, , , yes
    region, R, 2018, 29-1141, TWO, two-1, in_demand, , 2022, 2024, yes
    region, R, 2018, 47-2111, TWO, two-1, in_demand, , 2022, 2024, no
    region, R, 2018, 19-2031, HOT, hot-1, high_wage, 2024, , , unknown
    region, R, 2018, 19-2031, TWO, two-1, in_demand, , , , unknown
    region, R, 2018, 29-1141, HOT, hot-1, in_demand, , , , not_defined
"""


def without(rows: str, figure: str, instead: str) -> str:
    assert rows.count(figure) == 1
    return rows.replace(figure, instead)


def counted(few: Any, designated: str, measures: str) -> tuple[int | None, int | None]:
    few.make("reference.reporting_state", "state_fips:text", "55")
    few.make(
        "reference.designation_conditions",
        "rule_set_code:text, rule_version:text, designation:text, alternative_number:int,"
        " clause_number:int, needed_count:int, condition_number:int, measure_code:text,"
        " benchmark_code:text",
        CONDITIONS,
    )
    few.make(
        "core.int_occupation__measured",
        f"{OCCUPATION}, vintage_year:int, measure_origin:text, measure_code:text,"
        " measure_value:numeric",
        measures,
    )
    few.make(
        "core.int_occupation__compared",
        f"{OCCUPATION}, rule_set_code:text, rule_version:text, designation:text,"
        " alternative_number:int, clause_number:int, condition_number:int, condition_outcome:int",
        COMPARED,
    )
    few.make(
        "core.fct_occupation_designation",
        f"{OCCUPATION}, rule_set_code:text, rule_version:text, designation:text,"
        " wage_vintage_year:int, projection_base_year:int, requirement_matrix_year:int,"
        " designation_result:text",
        designated,
    )
    counts: tuple[int | None, int | None] = few.counts(designations.inputs_complete())
    return counts


def test_yes_and_no_with_the_figures_that_decide_them_pass(few: Any) -> None:
    # Two of nurses, one of electricians; unknown and not defined decide nothing.
    assert counted(few, DESIGNATED, MEASURES) == (3, 0)


@pytest.mark.parametrize(
    ("figure", "instead"),
    [
        ("2024, wage, annual_median_wage_usd, 90000", "2024, wage, annual_median_wage_usd,"),
        ("2024, wage, annual_median_wage_usd, 50000", "2024, wage, annual_median_wage_usd,"),
        ("growth_pct, 9", "growth_pct,"),
        ("employment_share_pct, 2", "employment_share_pct,"),
        ("2022, projection, growth_pct, 9", "2020, projection, growth_pct, 9"),
    ],
    ids=["own figure", "benchmark", "second of two", "second clause", "of another vintage"],
)
def test_a_yes_without_a_figure_that_it_needs_is_found(few: Any, figure: str, instead: str) -> None:
    assert counted(few, DESIGNATED, without(MEASURES, figure, instead)) == (3, 1)


@pytest.mark.parametrize(
    ("figure", "instead", "unexpected"),
    [
        ("employment_share_pct, 0.01", "employment_share_pct,", 0),
        ("growth_pct, 1", "growth_pct,", 0),
        ("is_apprenticeship, 0.0", "is_apprenticeship,", 1),
    ],
    ids=["two of three fail", "the share fails", "an alternative is open"],
)
def test_a_no_needs_a_failure_in_each_alternative(
    few: Any, figure: str, instead: str, unexpected: int
) -> None:
    assert counted(few, DESIGNATED, without(MEASURES, figure, instead)) == (3, unexpected)


def test_a_suppressed_wage_that_is_called_no_is_found(few: Any) -> None:
    denied = without(DESIGNATED, "high_wage, 2024, , , unknown", "high_wage, 2024, , , no")

    # 95,000 of the year before is no figure of the vintage that stands beside the result.
    assert counted(few, denied, MEASURES) == (4, 1)


def test_a_yes_that_the_conditions_deny_is_found(few: Any) -> None:
    reversed_result = without(DESIGNATED, "2022, 2024, no", "2022, 2024, yes")

    assert counted(few, reversed_result, MEASURES) == (3, 1)


def test_a_decision_under_a_version_without_conditions_is_found(few: Any) -> None:
    invented = without(
        DESIGNATED, "hot-1, high_wage, 2024, , , yes", "hot-3, high_wage, 2024, , , yes"
    )

    assert counted(few, invented, MEASURES) == (3, 1)
