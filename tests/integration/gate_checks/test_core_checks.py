"""Checks in SQL of door 2: elements and unexpected ones of a few rows, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import core, labor_market, outcomes

pytestmark = pytest.mark.integration


def test_key_without_its_dimension_is_found(few: Any) -> None:
    few.make("core.dim_student", "student_key:text", "a\nb")
    few.make("core.fct_x", "student_key:text", "a\na\nc")

    (check,) = core.references(few.subject(tables={"fct_x": {"student_key": "text", "n": "int"}}))

    assert few.counts(check) == (3, 1)


def test_overlapping_primary_schools_are_found(few: Any) -> None:
    few.make(
        "core.fct_enrollment_span",
        "student_key:text, entry_date:date, exit_date:date, is_primary_school:boolean,"
        " is_member:boolean",
        """
        a, 2024-09-01, 2025-01-10, true, true
        a, 2025-01-10, 2025-06-01, true, true
        b, 2024-09-01, 2025-01-10, true, true
        b, 2025-01-11, 2025-06-01, true, true
        b, 2024-09-01, 2025-06-01, false, true
        """,
    )

    assert few.counts(core.one_primary_school()) == (4, 1)


def test_member_without_or_with_two_accountable_schools_is_found(
    few: Any,
) -> None:
    few.make(
        "core.fct_enrollment_span",
        "student_key:text, school_year:int, is_member:boolean, is_accountable:boolean",
        """
        a, 2024, true, true
        a, 2024, true, false
        b, 2024, true, false
        c, 2024, true, true
        c, 2024, true, true
        d, 2024, false, false
        """,
    )

    assert few.counts(core.one_accountable_school()) == (3, 2)


PAIRS = """
    01.0101, 2020, 11-1011, 2018
    01.0102, 2020, 11-1011, 2018
    01.0101, 2020, 11-1021, 2018
    01.0103, 2020, 11-1031, 2018
    01.0104, 2020, 99-9999, 2018
    99.9999, 2020, 11-1041, 2018
"""
EVEN = """
    01.0101, 2020, 11-1011, 2018, 0.5, 0.5, false
    01.0102, 2020, 11-1011, 2018, 0.5, 1, false
    01.0101, 2020, 11-1021, 2018, 1, 0.5, false
    01.0103, 2020, 11-1031, 2018, 1, 1, false
    01.0104, 2020, 99-9999, 2018,,, true
    99.9999, 2020, 11-1041, 2018,,, true
"""
# As the model would weigh these rows: by what is in the bridge.
ONE_PAIR_LOST = """
    01.0101, 2020, 11-1011, 2018, 1, 0.5, false
    01.0101, 2020, 11-1021, 2018, 1, 0.5, false
    01.0103, 2020, 11-1031, 2018, 1, 1, false
"""
ONE_PAIR_TWICE = """
    01.0101, 2020, 11-1011, 2018, 0.5, 0.5, false
    01.0102, 2020, 11-1011, 2018, 0.5, 1, false
    01.0101, 2020, 11-1021, 2018, 1, 0.5, false
    01.0103, 2020, 11-1031, 2018, 0.5, 0.5, false
    01.0103, 2020, 11-1031, 2018, 0.5, 0.5, false
"""
WHOLE_PAIR_TWICE = EVEN + "01.0103, 2020, 11-1031, 2018, 1, 1, false"
ONE_PAIR_UNMATCHED = EVEN.replace("11-1031, 2018, 1, 1, false", "11-1031, 2018,,, true")
UNEVEN = EVEN.replace("11-1011, 2018, 0.5, 0.5", "11-1011, 2018, 0.3, 0.3").replace(
    "11-1011, 2018, 0.5, 1,", "11-1011, 2018, 0.7, 1,"
)


@pytest.mark.parametrize(
    ("rows", "of_occupations", "of_programs"),
    [
        (EVEN, 0, 0),
        (ONE_PAIR_LOST, 1, 1),
        (ONE_PAIR_TWICE, 1, 1),
        (WHOLE_PAIR_TWICE, 1, 1),
        (ONE_PAIR_UNMATCHED, 1, 1),
        (UNEVEN, 1, 1),
    ],
    ids=["even", "lost", "twice", "twice_whole", "unmatched", "uneven"],
)
def test_weights_are_compared_with_the_pairs_of_the_publisher(
    few: Any, rows: str, of_occupations: int, of_programs: int
) -> None:
    pair = "cip_code:text, cip_vintage:text, soc_code:text, soc_vintage:text"
    few.make("staging.stg_crosswalks__cip_soc", pair, PAIRS)
    few.make(
        "core.bridge_cip_soc",
        f"{pair}, cip_weight:numeric, soc_weight:numeric, is_unmatched:boolean",
        rows,
    )

    by_occupation = core.weights("soc_code", "soc_vintage", "cip_vintage", "cip_weight")
    by_program = core.weights("cip_code", "cip_vintage", "soc_vintage", "soc_weight")

    # Three occupations and three programs have partners.
    assert few.counts(by_occupation) == (3, of_occupations)
    assert few.counts(by_program) == (3, of_programs)


def test_figure_that_contradicts_its_status_in_core_is_found(
    few: Any,
) -> None:
    few.make(
        "reference.source_statuses",
        "status:text, has_figure:boolean",
        "reported, true\ntop_coded, true\nsuppressed_at_source, false",
    )
    few.make(
        "core.fct_x",
        "wage:numeric, wage_status:text",
        """
        20.5, reported
        115, top_coded
        , suppressed_at_source
        , top_coded
        0, suppressed_at_source
        ,
        """,
    )

    (check,) = labor_market.figures_agree(
        few.subject(tables={"fct_x": {"wage": "numeric", "wage_status": "text"}})
    )

    assert few.counts(check) == (6, 3)


def test_wage_row_that_lost_its_mark_is_found(few: Any) -> None:
    key = (
        "load_id:int, vintage_year:int, area_code:text, naics_code:text, ownership_code:text,"
        " soc_code:text, occupation_group:text, wage_status:text"
    )
    rows = "1, 2024, 55, 000000, 1235, {}, detailed, {}"
    few.make(
        "staging.stg_bls_oews__wages",
        key,
        f"{rows.format('11-1011', 'suppressed_at_source')}\n{rows.format('11-1021', 'reported')}",
    )
    few.make(
        "core.fct_lmi_wage",
        key,
        f"{rows.format('11-1011', 'reported')}\n{rows.format('11-1021', 'reported')}\n"
        f"{rows.format('11-1031', 'reported')}",
    )

    check = labor_market.wage_marks(few.subject(tables={"fct_lmi_wage": {"wage_status": "text"}}))

    # The first lost its mark, the third has no row of the publisher.
    assert few.counts(check) == (3, 2)


def test_a_top_coded_wage_holds_the_bound_of_its_vintage_and_kind(few: Any) -> None:
    wages = (
        "vintage_year:int, hourly_mean_wage_usd:numeric, hourly_mean_wage_usd_status:text,"
        " annual_p90_wage_usd:numeric, annual_p90_wage_usd_status:text"
    )
    few.make(
        "reference.oews_top_codes",
        "first_year:int, last_year:int, hourly_top_code_usd:numeric, annual_top_code_usd:numeric",
        "2016, 2021, 100.00, 208000\n2022, 9999, 115.00, 239200",
    )
    few.make(
        "core.fct_lmi_wage",
        wages,
        """
        2024, 115.00, top_coded, 239200, top_coded
        2021, 100.00, top_coded, 190000, reported
        2021, 115.00, top_coded, 208000, top_coded
        2024, 60.10, reported, 208000, top_coded
        2024,, top_coded, 120000, reported
        2011, 80.00, top_coded, 90000, reported
        2024, 60.10, reported, 120000, reported
        """,
    )
    columns = dict(one.strip().split(":") for one in wages.split(","))

    check = labor_market.top_codes_kept(few.subject(tables={"fct_lmi_wage": columns}))

    # Wrong: the bound of 2022 in 2021, that of 2021 in 2024, none at all, a vintage without a row.
    assert few.counts(check) == (6, 4)


def test_wages_of_a_year_that_core_does_not_know_are_found(few: Any) -> None:
    cell = (
        "vintage_year:int, area_code:text, naics_code:text, ownership_code:text, soc_code:text,"
        " occupation_group:text, load_id:int"
    )
    cells = "2012, 55, 000000, 1235, 11-1011, detailed, 1\n2012, 55, 000000, 1235, 11-1021,, 1"
    few.make(
        "staging.stg_bls_oews__wages",
        cell,
        # A later file has one of the cells again.
        f"2011, 55, 000000, 1235, 11-1011, detailed, 1\n{cells}"
        "\n2012, 55, 000000, 1235, 11-1011, detailed, 2",
    )
    few.make("core.fct_lmi_wage", cell, cells)

    assert few.counts(labor_market.wages_lost()) == (3, 1)


def test_awards_of_a_level_or_year_that_core_does_not_know_are_found(few: Any) -> None:
    cell = "award_year:int, unitid:text, cip_code:text, major_number:text, award_level:text"
    few.make(
        "staging.stg_ipeds__completions",
        f"{cell}, is_grand_total:boolean",
        """
        2024, 240444, 51.3801, 1, 5, false
        2024, 240444, 51.3801, 1, 12, false
        2010, 240444, 51.3801, 1, 5, false
        2024, 240444, 51.38, 1, 5, false
        2024, 240444, 99, 1, 5, true
        """,
    )
    few.make("core.fct_completions_agg", cell, "2024, 240444, 51.3801, 1, 5")

    # Neither the sum of a broader program nor the grand total belongs in the fact.
    assert few.counts(labor_market.awards_lost()) == (3, 2)


def test_grand_totals_among_completions_are_found(few: Any) -> None:
    few.make("core.fct_completions_agg", "cip_code:text", "51.3801\n99\n51.38\n99.0000")

    assert few.counts(labor_market.completions_in_detail()) == (4, 3)


def test_county_without_or_with_two_workforce_areas_is_found(
    few: Any,
) -> None:
    few.make("reference.reporting_state", "state_fips:text", "55")
    few.make(
        "reference.counties",
        "county_fips:text, state_fips:text",
        "55001, 55\n55003, 55\n55005, 55\n17031, 17",
    )
    few.make(
        "core.bridge_area",
        "area_code:text, parent_area_type:text, parent_area_code:text, valid_from:date,"
        " valid_to:date, is_primary:boolean",
        """
        55001, workforce_area, WDA06, 2019-07-01,, true
        55001, workforce_area, WDA05, 2015-07-01, 2019-06-30, true
        55003, workforce_area, WDA07, 2019-07-01,, true
        55003, workforce_area, WDA08, 2019-07-01,, true
        55001, pathway_region, A, 2019-07-01,, true
        55003, pathway_region, A, 2019-07-01,, true
        55003, pathway_region, B, 2019-07-01,, false
        55005, pathway_region, A, 2019-07-01,, true
        """,
    )

    assert few.counts(labor_market.county_in_one_workforce_area()) == (3, 2)
    assert few.counts(labor_market.county_in_one_primary_region()) == (3, 0)


def test_a_county_counted_twice_or_in_part_over_the_regions_of_a_scheme_is_found(few: Any) -> None:
    few.make(
        "core.bridge_area",
        "area_code:text, parent_area_type:text, parent_area_code:text, valid_from:date,"
        " valid_to:date, area_weight:numeric",
        """
        55001, pathway_region, A, 2019-07-01,, 0.333333
        55001, pathway_region, B, 2019-07-01,, 0.333333
        55001, pathway_region, C, 2019-07-01,, 0.333333
        55001, workforce_area, W, 2019-07-01,, 1
        55003, pathway_region, A, 2019-07-01,, 1
        55003, pathway_region, B, 2019-07-01,, 1
        55003, workforce_area, V, 2015-07-01, 2019-06-30, 1
        55003, workforce_area, W, 2019-07-01,, 1
        55005, pathway_region, A, 2019-07-01,, 0.5
        55005, workforce_area, W, 2019-07-01,, 1
        """,
    )

    # 55003 counts twice and 55005 by half among development regions.
    assert few.counts(labor_market.region_weights()) == (6, 2)


def test_a_workforce_areas_occupation_that_its_counties_lose_or_double_is_found(few: Any) -> None:
    few.make(
        "core.int_occupation__counties_apportioned",
        "county_fips:text, workforce_area_code:text, soc_vintage:text, soc_code:text,"
        " job_share:numeric",
        """
        55001, V, 2018, 29-1141, 0.333333333333333
        55003, V, 2018, 29-1141, 0.666666666666667
        55001, V, 2018, 51-4121, 0
        55003, V, 2018, 51-4121, 1
        55001, V, 2010, 51-4121, 0.4
        55003, V, 2010, 51-4121, 0.5
        55001, V, 2018, 19-2031, -0.2
        55003, V, 2018, 19-2031, 1.2
        55005, W, 2018, 29-1141,
        55007, W, 2018, 29-1141,
        55005, W, 2018, 51-4121, 1
        55007, W, 2018, 51-4121,
        """,
    )

    # Of nurses in W nothing is told, which is no fault; of welders there one county is left out.
    assert few.counts(labor_market.county_parts()) == (5, 3)


def test_concentrator_who_never_took_part_is_found(few: Any) -> None:
    few.make(
        "core.fct_cte_status",
        "student_key:text, pathway_code:text, school_year:int, is_participant:boolean,"
        " is_concentrator:boolean",
        """
        a, HL, 2023, true, false
        a, HL, 2024, false, true
        a, IT, 2024, false, true
        b, HL, 2023, false, true
        b, HL, 2024, true, true
        """,
    )

    # a in IT never took part; b concentrated a year before taking part.
    assert few.answer(outcomes.never_participants()) == (4, 2)


def test_rule_of_another_year_is_found(few: Any) -> None:
    few.make(
        "reference.cte_concentrator_rules",
        "rule_version:text, first_school_year:int, last_school_year:int",
        "cte-2018, 2011, 2019\ncte-2021, 2020,",
    )
    few.make(
        "core.fct_cte_status",
        "school_year:int, cte_rule_version:text",
        "2019, cte-2018\n2020, cte-2018\n2020, cte-2021\n2025, cte-2021",
    )

    assert few.answer(outcomes.rule_versions()) == (4, 1)


def test_graduate_outside_the_cohort_is_found(few: Any) -> None:
    few.make(
        "core.fct_grad_cohort",
        "is_graduate:boolean, is_in_denominator:boolean, cohort_status:text",
        """
        true, true, graduated
        true, false, graduated
        true, true, left
        false, true, graduated
        false, true, removed
        false, false, removed
        false, true, left
        """,
    )

    assert few.answer(outcomes.graduates_outside()) == (7, 4)


def transitions(few: Any, rows: str) -> None:
    few.make(
        "core.fct_ps_transition",
        "student_key:text, diploma_date:date, first_term_begin_date:date,"
        " is_enrolled_fall:boolean, is_enrolled_12_months:boolean,"
        " is_enrolled_16_months:boolean, is_found:boolean, is_searched:boolean",
        rows,
    )


def test_college_goer_without_a_counted_term_after_the_diploma_is_found(
    few: Any,
) -> None:
    few.make(
        "core.fct_ps_enrollment",
        "student_key:text, enrollment_begin_date:date, counts_as_enrolled:boolean",
        """
        a, 2024-08-20, true
        b, 2024-06-02, true
        c, 2024-08-20, false
        """,
    )
    transitions(
        few,
        """
        a, 2024-06-02, 2024-08-20, true, true, true, true, true
        b, 2024-06-02, 2024-06-02, true, true, true, true, true
        c, 2024-06-02, 2024-08-20, true, true, true, true, true
        d, 2024-06-02,, true, false, true, true, true
        e, 2024-06-02,, false, false, false, false, true
        """,
    )

    # b began on the day of the diploma, c was on leave, d has no term at all.
    assert few.answer(outcomes.early_terms()) == (4, 3)


def test_windows_that_do_not_nest_are_found(few: Any) -> None:
    transitions(
        few,
        """
        a, 2024-06-02, 2024-08-20, true, true, true, true, true
        b, 2024-06-02, 2024-08-20, true, false, false, true, true
        c, 2024-06-02, 2024-08-20, false, false, true, false, true
        d, 2024-06-02,, false, false, false, true, false
        e, 2024-06-02,, false, false, false, false, false
        """,
    )

    assert few.answer(outcomes.windows_apart()) == (5, 3)
