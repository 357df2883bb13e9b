"""Checks in SQL of door 3: elements and unexpected ones of a few rows, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import additivity, labor_market, persons, release
from expectations.marts import Count, Dimension, Mart, Rate

pytestmark = pytest.mark.integration

RUN = 4711
STUDENTS = Count(column="member_count")
PART = Count(column="participant_count", of="member_count")
SHARE = Rate(column="participant_share", numerator="participant_count", denominator="member_count")
MART = Mart(
    name="mart_x",
    student_derived=True,
    profile="public_default",
    dimensions=(
        Dimension(column="school_year"),
        Dimension(column="organization_code", parent_column="parent_organization_code"),
        Dimension(column="demographic_group", within="demographic_factor", total="All"),
        Dimension(column="grade_level", total="All"),
    ),
    counts=(STUDENTS, PART),
    rates=(SHARE,),
)


def test_printed_count_below_ten_is_small_and_zero_is_not(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, member_count_status:text",
        "9, published\n10, published\n0, published\n, withheld",
    )

    assert few.counts(release.small_cells("release_7", MART, STUDENTS)) == (3, 1)


def test_part_is_small_on_either_side_of_its_whole(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, participant_count:int, participant_count_status:text",
        "40, 9, published\n40, 31, published\n40, 10, published\n40, 40, published\n40,, withheld",
    )

    assert few.counts(release.small_cells("release_7", MART, PART)) == (4, 2)


def test_outcome_is_small_below_the_numerator_on_either_side_of_all_its_wholes(few: Any) -> None:
    found = Count(column="found_count", of="participant_count", outcome=True)
    mart = MART.model_copy(update={"counts": (STUDENTS, PART, found)})
    few.make(
        "release_7.mart_x",
        "member_count:int, participant_count:int, found_count:int, found_count_status:text",
        """
        90, 40, 2, published
        90, 40, 3, published
        90, 40, 38, published
        42, 40, 40, published
        , 40, 20, published
        """,
    )

    # 2 is small; 40 - 38 is small; 42 - 40 is small.
    assert few.counts(release.small_cells("release_7", mart, found)) == (5, 3)


def test_mart_with_an_unknown_profile_has_only_small_cells(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, member_count_status:text",
        "5000, published",
    )
    unknown = MART.model_copy(update={"profile": "public_defualt"})

    assert few.counts(release.small_cells("release_7", unknown, STUDENTS)) == (1, 1)


def test_figure_left_in_a_withheld_cell_is_found(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, member_count_status:text",
        "12, published\n4, withheld\n, withheld\n, published",
    )

    assert few.counts(release.withheld_is_empty("release_7", MART, "member_count")) == (4, 2)


def test_unanimous_rate_is_found_below_three_hundred(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, participant_share:numeric, participant_share_status:text",
        "299, 1, published\n300, 1, published\n, 0, published\n299, 0.5, published\n18,, withheld",
    )

    assert few.counts(release.unanimous_rates("release_7", MART, SHARE)) == (4, 2)


def test_part_larger_than_its_whole_is_found(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, participant_count:int",
        "10, 11\n10, 10\n, 3",
    )

    assert few.counts(release.part_of_whole("release_7", MART, PART)) == (3, 1)


def test_share_that_does_not_follow_from_its_counts_is_found(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, participant_count:int, participant_share:numeric",
        "9, 4, 0.4444\n9, 4, 0.5\n0, 0, 0\n0, 0,",
    )

    assert few.counts(release.share_follows("release_7", MART, SHARE)) == (4, 2)


def test_upper_bound_follows_from_the_rest_of_its_denominator(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "member_count:int, found_count:int, participant_count:int, participant_share:numeric",
        "40, 30, 20, 0.75\n40, 30, 20, 0.5\n0, 0, 0,",
    )
    upper = SHARE.model_copy(update={"plus_rest_of": ("found_count",)})

    assert few.counts(release.share_follows("release_7", MART, upper)) == (3, 1)


@pytest.mark.parametrize(
    ("before", "unexpected"), [("WI, 100", 0), ("WI, 99", 2), ("WI, 100\nCESA06, 5", 1)]
)
def test_carried_over_cells_are_compared_row_by_row(few: Any, before: str, unexpected: int) -> None:
    columns = "organization_code:text, member_count:int"
    few.database.execute("create schema release_5")
    few.make("release_5.mart_x", columns, before)
    few.make("release_7.mart_x", columns, "WI, 100")
    known = {"mart_x": {"release_id": "bigint", "organization_code": "text", "member_count": "int"}}
    now = {"mart_x": {"organization_code": "text", "member_count": "int"}}

    check = release.carried_over(
        few.subject(tables=now, carried_from="release_5", carried_tables=known), MART
    )

    assert few.counts(check) == (1, unexpected)


def test_mart_new_since_the_last_publication_date_must_be_empty(
    few: Any,
) -> None:
    few.make("release_7.mart_x", "organization_code:text", "WI")

    check = release.carried_over(few.subject(carried_from="release_5"), MART)

    assert few.counts(check) == (1, 1)


@pytest.mark.parametrize(
    ("as_of", "unexpected"),
    [("2026-12-14", 1), ("2026-12-15", 0), ("2026-12-17", 0), ("2027-01-14", 0)],
)
def test_cells_counted_anew_before_the_next_date_are_found(
    few: Any, as_of: str, unexpected: int
) -> None:
    few.make("reference.publication_calendar", "publication_date:date", "2026-07-15\n2026-12-15")
    few.ledger_run()
    few.database.execute("update ops.run set as_of_date = %s where run_id = 4711", [as_of])
    few.database.execute(
        """
        insert into ops.run (run_id, kind, state, started_at, code_commit, as_of_date)
        values (4700, 'nightly', 'succeeded', '2026-07-15', 'abc', '2026-07-15'),
            (4705, 'nightly', 'succeeded', '2026-12-15', 'abc', '2026-12-15');
        insert into ops.release (release_id, run_id, state, created_at, code_commit,
            publication_date, synthetic)
        values (5, 4700, 'published', '2026-07-15', 'abc', true, true),
            (6, 4705, 'withdrawn', '2026-12-15', 'abc', true, true),
            (7, 4711, 'audited', '2026-12-15', 'abc', true, true);
        """
    )

    # The date of release 6 is open again: it was rolled back.
    assert few.counts(release.counted_when_due(few.subject())) == (1, unexpected)


def test_cells_of_the_first_release_are_due(few: Any) -> None:
    few.make("reference.publication_calendar", "publication_date:date", "")
    few.ledger_run()

    assert few.counts(release.counted_when_due(few.subject())) == (0, 0)


def test_cell_printed_in_one_mart_and_withheld_in_another_is_found(
    few: Any,
) -> None:
    columns = "school_year:int, organization_code:text, {0}:int, {0}_status:text"
    few.make(
        "release_7.mart_x",
        columns.format("member_count") + ", grade_level:text",
        "2024, A, 30, published, All\n2024, A, 12, published, 09\n2024, B, 50, published, All",
    )
    few.make(
        "release_7.mart_y",
        columns.format("student_count"),
        "2024, A,, withheld\n2024, B, 50, published",
    )
    year, place = Dimension(column="school_year"), Dimension(column="organization_code")
    grade = Dimension(column="grade_level", total="All")
    twin = Count(column="student_count", counted_as="member_count")
    one = Mart(
        name="mart_x", student_derived=True, dimensions=(year, place, grade), counts=(STUDENTS,)
    )
    other = Mart(name="mart_y", student_derived=True, dimensions=(year, place), counts=(twin,))

    (check,) = release.same_cells("release_7", [one, other])

    assert few.counts(check) == (2, 1)


def test_marts_whose_own_dimension_has_no_total_are_not_compared() -> None:
    one = Mart(name="mart_x", student_derived=True, counts=(STUDENTS,))
    other = one.model_copy(
        update={"name": "mart_y", "dimensions": (Dimension(column="school_year"),)}
    )

    (check,) = release.same_cells("release_7", [one, other])

    assert check.about == "no two marts share a count"


def test_members_with_residual_make_their_total(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "school_year:int, organization_code:text, demographic_factor:text,"
        " demographic_group:text, grade_level:text, member_count:int",
        """
        2024, A, All, All, All, 10
        2024, A, sex, Female, All, 4
        2024, A, sex, Male, All, 5
        2024, A, sex, Unknown, All, 1
        2024, A, disability_status, Yes, All, 3
        2024, A, disability_status, No, All, 6
        2024, B, All, All, All, 7
        2024, B, sex, Female, All, 7
        2024, B, sex, Male, All,
        """,
    )
    group = MART.dimensions[2]

    check = additivity.members_make_total("release_7", MART, group, "member_count")

    # A by sex holds (10), A by disability does not (9 of 10), B has an unknown member.
    assert few.counts(check) == (2, 1)


def test_children_make_their_parent(few: Any) -> None:
    few.make(
        "release_7.mart_x",
        "school_year:int, organization_code:text, parent_organization_code:text,"
        " demographic_factor:text, demographic_group:text, grade_level:text, member_count:int",
        """
        2024, WI,, All, All, All, 30
        2024, R1, WI, All, All, All, 12
        2024, R2, WI, All, All, All, 18
        2024, D1, R1, All, All, All, 11
        2025, WI,, All, All, All, 5
        """,
    )
    place = MART.dimensions[1]

    check = additivity.children_make_parent("release_7", MART, place, "member_count")

    assert check.check_id == "cohort_sum_state_equals_members"
    assert few.counts(check) == (2, 1)


def test_person_key_and_contract_columns_are_found_among_published_columns(
    few: Any,
) -> None:
    few.make(
        "release_7.mart_x",
        "student_key:text, last_surname:text, birth_date:date, race_ethnicity:text",
        "",
    )

    query = persons.personal_columns("release_7", frozenset({"last_surname"}))

    assert few.answer(query) == (4, 3)


def test_texts_of_persons_are_found_and_names_of_schools_are_not(
    few: Any,
) -> None:
    few.make("staging.stg_edfi__students", "student_id_dpi:text", "1000000001")
    few.make(
        "release_7.mart_x",
        "organization_name:text, note:text, member_count:int",
        "North High School, 1000000001, 4\nNorth High School, 123-45-6789, 4\nA, a@b.example, 4",
    )
    known = {"mart_x": {"organization_name": "text", "note": "text", "member_count": "integer"}}

    query = persons.identifying_texts(few.subject(tables=known), MART)

    assert few.answer(query) == (5, 3)


def test_lineage_of_a_whole_run_is_complete(few: Any) -> None:
    few.ledger_run()

    # One input, that there is one, four layers, two doors, the commit.
    assert few.counts(release.lineage(RUN)) == (9, 0)


@pytest.mark.parametrize(
    "lost",
    [
        "delete from ops.layer_build where run_id = 4711 and layer = 'identity'",
        "delete from ops.check_result where run_id = 4711 and door = 'core'",
        "update ops.source_release set state = 'refused' where source_release_id = 4713",
        "update ops.run set code_commit = '' where run_id = 4711",
    ],
)
def test_lineage_misses_what_the_ledger_lost(few: Any, lost: str) -> None:
    few.ledger_run()
    few.database.execute(lost)

    assert few.counts(release.lineage(RUN)) == (9, 1)


def test_supply_with_second_majors_is_found(few: Any) -> None:
    few.make("core.dim_institution", "unitid:text, state_fips:text", "1, 55\n2, 27")
    few.make(
        "core.fct_completions_agg",
        "award_year:int, cip_vintage:text, unitid:text, major_number:text, award_count:int",
        """
        2024, 2020, 1, 1, 30
        2024, 2020, 1, 2, 4
        2024, 2020, 2, 1, 50
        """,
    )
    few.make(
        "release_7.mart_program_supply",
        "award_year:int, cip_vintage:text, area_type:text, area_code:text, cip_code:text,"
        " award_group:text, award_count:int, award_count_status:text",
        """
        2024, 2020, state, 55, All, All, 34, reported
        2024, 2020, state, 27, All, All, 50, reported
        2024, 2020, state, 27, 51.3801, All, 7, reported
        """,
    )

    assert few.counts(labor_market.supply_of_first_majors("release_7")) == (2, 1)


def test_zero_of_a_district_without_a_program_is_found(few: Any) -> None:
    few.make(
        "core.dim_organization",
        "organization_code:text, has_cte_program:boolean",
        "0001, true\n0002, false\n0003, false\nWI,",
    )
    few.make(
        "release_7.mart_pathway_participation",
        "organization_code:text, participant_count:int, concentrator_count:int",
        "0001, 0, 0\n0002, 0,\n0003,,\nWI, 12, 4",
    )

    assert few.counts(release.unreported_programs("release_7")) == (2, 1)


def test_public_figure_that_contradicts_its_status_is_found(few: Any) -> None:
    few.make(
        "reference.source_statuses",
        "status:text, has_figure:boolean",
        "reported, true\nsuppressed_at_source, false",
    )
    few.make(
        "release_7.mart_wages",
        "wage:numeric, wage_status:text",
        "20, reported\n0, suppressed_at_source\n, suppressed_at_source\n, withheld",
    )
    wages = Mart(name="mart_wages", student_derived=False)
    known = {"mart_wages": {"wage": "numeric", "wage_status": "text"}}

    (check,) = labor_market.public_figures_agree(few.subject(tables=known, marts=(wages, MART)))

    assert few.counts(check) == (4, 2)
