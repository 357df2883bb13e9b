"""Checks of projections and allocated openings: few rows, and what breaks them, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import openings

pytestmark = pytest.mark.integration
CELL = (
    "area_type:text, area_code:text, soc_code:text, horizon:text, base_year:int, projected_year:int"
)
# Not allocated: the nation, a neighbor, a sum, an earlier version, another publication and a year
# without a rule.
PROJECTIONS = """
    state, 55, 29-1141, long, 2024, 2034, 2018, 100, 40.5, , true, true
    state, 55, 35-3031, long, 2024, 2034, 2018, 60, 20, , true, true
    workforce_area, WDA01, 29-2010, long, 2024, 2034, 2018, , , , true, true
    nation, 99, 29-1141, long, 2024, 2034, 2018, 900, 400, , true, true
    state, 17, 29-1141, long, 2024, 2034, 2018, 300, 100, , true, true
    state, 55, 29-0000, long, 2024, 2034, 2018, 160, 60, , true, false
    state, 55, 29-1141, long, 2024, 2034, 2018, 90, 40, 2026-09-01, true, true
    state, 55, 29-1141, long, 2024, 2034, 2018, 95, 41, , false, true
    state, 55, 29-1141, long, 2016, 2026, 2010, 80, 30, , true, true
"""
RULES = """
    A, one, false, false, 2019, 9999
    B, one, false, true, 2019, 9999
    C, one, false, true, 2019, 9999
    B, later, false, true, 2030, 9999
"""
FILTERED_RULE = "('B', 'kept', true, true, 2019, 9999)"
PAIRS = """
    51.3801, 2018, 29-1141
    51.3818, 2018, 29-1141
    51.1004, 2018, 29-2012
    51.1501, 2018, 21-1011
    99.9999, 2018, 35-3031
    24.0101, 2018, 99-9999
    12.0504, 2010, 35-3031
"""
AGGREGATES = """
    21-1018, 21-1011
    21-1018, 21-1014
    35-3031, 35-3031
"""
ALLOCATED = """
    state, 55, 29-1141, long, 2024, 2034, 51.3801, B, one, true, false, 0.5, 50, 20.25
    state, 55, 29-1141, long, 2024, 2034, 51.3818, B, one, true, false, 0.5, 50, 20.25
    state, 55, 35-3031, long, 2024, 2034, 99.9999, B, one, true, true, 1, 60, 20
    workforce_area, WDA01, 29-2010, long, 2024, 2034, 51.1004, B, one, true, false, 1, ,
    state, 55, 29-1141, long, 2024, 2034, 51.3801, C, one, true, false, 0.9, 90, 36.45
    state, 55, 29-1141, long, 2024, 2034, 51.3818, C, one, true, false, 0.1, 10, 4.05
    state, 55, 35-3031, long, 2024, 2034, 99.9999, C, one, true, true, 1, 60, 20
    workforce_area, WDA01, 29-2010, long, 2024, 2034, 51.1004, C, one, true, false, 1, ,
    state, 55, 29-1141, long, 2024, 2034, 51.3801, A, one, false, false, 1, 100, 40.5
    state, 55, 29-1141, long, 2024, 2034, 51.3818, A, one, false, false, 1, 100, 40.5
    state, 55, 35-3031, long, 2024, 2034, 99.9999, A, one, false, true, 1, 60, 20
"""
# 51.3818 has degrees of another level, and so has the only program of 29-2010.
FILTERED = """
    state, 55, 29-1141, long, 2024, 2034, 51.3801, B, kept, true, false, 1, 100, 40.5
    state, 55, 35-3031, long, 2024, 2034, 99.9999, B, kept, true, true, 1, 60, 20
    workforce_area, WDA01, 29-2010, long, 2024, 2034, 99.9999, B, kept, true, true, 1, ,
"""


def without(rows: str, *marks: str) -> str:
    kept = [row for row in rows.strip().splitlines() if not all(mark in row for mark in marks)]
    assert len(kept) < len(rows.strip().splitlines())
    return "\n".join(kept)


@pytest.fixture
def projected(few: Any) -> Any:
    few.make(
        "core.fct_projection",
        f"{CELL}, soc_vintage:text, openings_count:bigint, demand_new_count:numeric,"
        " recorded_to:date, is_preferred:boolean, is_line_item:boolean",
        PROJECTIONS,
    )
    few.make("reference.reporting_state", "state_fips:text", "55")
    few.make(
        "reference.openings_allocation_rules",
        "allocation_method:text, rule_version:text, is_education_filtered:boolean,"
        " is_additive:boolean, first_base_year:int, last_base_year:int",
        RULES,
    )
    few.make(
        "staging.stg_crosswalks__cip_soc", "cip_code:text, soc_vintage:text, soc_code:text", PAIRS
    )
    few.make(
        "staging.stg_crosswalks__oews_hybrid",
        "hybrid_soc_code:text, soc_code_2018:text",
        AGGREGATES,
    )
    return few


def allocate(few: Any, rows: str) -> None:
    few.make(
        "core.fct_openings_allocated",
        f"{CELL}, cip_code:text, allocation_method:text, rule_version:text, is_additive:boolean,"
        " is_unmatched:boolean, allocation_weight:numeric, allocated_openings_count:numeric,"
        " allocated_demand_new_count:numeric",
        rows,
    )
    few.database.execute(
        "alter table core.fct_openings_allocated"
        " add is_education_filtered boolean generated always as (rule_version = 'kept') stored,"
        " add supply_count numeric default 9"
    )


def allocate_filtered(few: Any, rows: str) -> None:
    few.database.execute(
        f"insert into reference.openings_allocation_rules values {FILTERED_RULE}".encode()
    )
    allocate(few, f"{ALLOCATED.rstrip()}\n{rows.strip()}")


@pytest.mark.parametrize(
    ("rows", "unexpected"),
    [
        (ALLOCATED, 0),
        (ALLOCATED.replace("0.9, 90, 36.45", "0.9, 89.999999, 36.45"), 1),
        (ALLOCATED.replace("0.1, 10, 4.05", "0.1, 10, 4.04"), 1),
        (without(ALLOCATED, "C, one", "35-3031"), 1),
        (without(ALLOCATED, "C, one"), 3),
        (ALLOCATED + "state, 55, 29-9999, long, 2024, 2034, 51.1, B, one, true, false, 1, 5, 5", 1),
        (ALLOCATED + "state, 55, 35-3031, long, 2024, 2034, 51.1, B, one, true, false, 0, 1, 0", 1),
    ],
    ids=[
        "conserved",
        "a millionth less",
        "less demand",
        "left out",
        "no method",
        "of nothing",
        "more",
    ],
)
def test_openings_lost_doubled_or_invented_are_found(
    projected: Any, rows: str, unexpected: int
) -> None:
    allocate(projected, rows)

    elements, found = projected.counts(openings.openings_conserved())

    # Three occupations under each of two additive methods; an invented one is one more.
    assert elements == 6 + ("29-9999" in rows)
    assert found == unexpected


@pytest.mark.parametrize(
    ("rows", "unexpected"),
    [
        (ALLOCATED, 0),
        (without(ALLOCATED, "35-3031"), 1),
        (ALLOCATED.replace("99.9999, C", "51.3801, C"), 1),
        (
            ALLOCATED.replace("99.9999, C, one, true, true, 1", "99.9999, C, one, true, true, 0.9"),
            1,
        ),
        (ALLOCATED.replace("51.1004, B, one, true, false", "99.9999, B, one, true, true"), 1),
    ],
    ids=["reported", "left out", "under a program", "in part", "though it has a program"],
)
def test_an_occupation_without_a_program_that_is_not_reported_is_found(
    projected: Any, rows: str, unexpected: int
) -> None:
    allocate(projected, rows)

    assert projected.counts(openings.unmatched_reported()) == (3, unexpected)


@pytest.mark.parametrize(
    ("cip_code", "is_unmatched", "unexpected"),
    [("51.1501", "false", 0), ("99.9999", "true", 1)],
    ids=["with the program of its part", "without a program"],
)
def test_an_aggregate_of_the_wage_survey_has_the_programs_of_its_parts(
    projected: Any, cip_code: str, is_unmatched: str, unexpected: int
) -> None:
    projected.database.execute(
        "insert into core.fct_projection values"
        " ('state', '55', '21-1018', 'long', 2024, 2034, '2018', 9, 9, null, true, true)"
    )
    counselors = f"state, 55, 21-1018, long, 2024, 2034, {cip_code}, B, one, true, {is_unmatched},"
    allocate(projected, f"{ALLOCATED.rstrip()}\n    {counselors} 1, 9, 9\n")

    assert projected.counts(openings.unmatched_reported()) == (4, unexpected)


@pytest.mark.parametrize(
    ("rows", "unexpected"),
    [
        (ALLOCATED, 0),
        (ALLOCATED.replace("false, 0.9, 90", "false, 0.899999, 90"), 1),
        (ALLOCATED.replace("0.9, 90", "1.1, 90").replace("0.1, 10", "-0.1, 10"), 1),
    ],
    ids=["one", "less", "negative"],
)
def test_shares_of_programs_that_are_no_parts_of_one_are_found(
    few: Any, rows: str, unexpected: int
) -> None:
    allocate(few, rows)

    assert few.counts(openings.allocation_weights()) == (6, unexpected)


@pytest.mark.parametrize(
    ("rows", "lost", "of_no_whole"),
    [
        (FILTERED, 0, 0),
        (FILTERED.replace("1, 100, 40.5", "0.5, 50, 20.25"), 1, 1),
        (without(FILTERED, "29-2010"), 1, 0),
    ],
    ids=["conserved", "half an occupation", "an occupation left out"],
)
def test_openings_lost_in_a_filtered_version_are_found(
    projected: Any, rows: str, lost: int, of_no_whole: int
) -> None:
    allocate_filtered(projected, rows)

    # Three occupations under each of two methods and in the filtered version.
    assert projected.counts(openings.openings_conserved()) == (9, lost)
    assert projected.counts(openings.allocation_weights())[1] == of_no_whole
    assert projected.counts(openings.unmatched_reported()) == (3, 0)


@pytest.mark.parametrize(
    ("rows", "unexpected"),
    [
        (FILTERED, 0),
        (
            FILTERED.replace(
                "99.9999, B, kept, true, true, 1, 60", "51.3801, B, kept, true, false, 1, 60"
            ),
            1,
        ),
        (f"{FILTERED}state, 55, 29-1141, long, 2024, 2034, 99.9999, B, kept, true, true, 0, 0,", 1),
        (f"{FILTERED}state, 55, 29-1141, long, 2024, 2034, 51.1, B, kept, true, false, 0, 0,", 1),
    ],
    ids=["by level", "a program for waiters", "in part", "a program that has no pair"],
)
def test_what_the_filter_of_education_cannot_do_is_found(
    projected: Any, rows: str, unexpected: int
) -> None:
    allocate_filtered(projected, rows)

    assert projected.counts(openings.filtered_reported()) == (3, unexpected)


def test_a_program_without_awards_that_the_filter_takes_away_is_found(projected: Any) -> None:
    allocate_filtered(projected, FILTERED)
    projected.database.execute(
        "update core.fct_openings_allocated set supply_count = 0 where cip_code = '51.3818'"
    )

    assert projected.counts(openings.filtered_reported()) == (3, 1)


def test_shares_of_clusters_that_are_no_parts_of_one_are_found(few: Any) -> None:
    few.make(
        "core.bridge_occupation_cluster",
        "soc_vintage:text, soc_code:text, cluster_weight:numeric",
        """
        2018, 13-2072, 0.5
        2018, 13-2072, 0.5
        2018, 29-1141, 0.9
        2010, 29-1141, 0.1
        """,
    )

    assert few.counts(openings.cluster_weights()) == (3, 2)


def test_a_projection_that_the_fact_does_not_have_is_found(few: Any) -> None:
    few.make("reference.states", "state_fips:text", "55")
    staged = """
        state, 55, 29-1141, long, 2024, 2034
        state, 01, 29-1141, long, 2024, 2034
        nation, 99, 29-1141, short, 2025, 2027
    """
    few.make("staging.stg_projections__state_projections", CELL, staged)
    few.make(
        "staging.stg_projections__ep_separations",
        "soc_code:text, base_year:int, projected_year:int",
        "29-1141, 2024, 2034",
    )
    few.make(
        "staging.stg_projections__area_projections",
        CELL,
        "state, 55, 29-1141, long, 2024, 2034\nworkforce_area, WDA01, 29-1141, long, 2012, 2022",
    )
    few.make(
        "core.fct_projection",
        CELL,
        "state, 55, 29-1141, long, 2024, 2034\nnation, 99, 29-1141, long, 2024, 2034",
    )

    # Of four cells in scope the short one of the nation and that of 2012 are not there.
    assert few.counts(openings.projections_lost()) == (4, 2)
