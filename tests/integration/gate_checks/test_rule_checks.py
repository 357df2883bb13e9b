"""Rules in force, in SQL of door 2: years of few rows, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from expectations.checks import rules

pytestmark = pytest.mark.integration

BY_TABLE = {seed.table: seed for seed in rules.SEEDS}
FROM_2022_TO_2025 = sql.SQL("select year from core.data_years")


@pytest.mark.parametrize("seed", rules.SEEDS, ids=lambda seed: seed.table)
@pytest.mark.parametrize(
    ("rows", "unexpected"),
    [
        ("a, 2022, 2023\na, 2024, 9999", 0),
        ("a, 2022, 2023\na, 2024,", 0),
        ("a, 2022, 2023\na, 2023, 9999", 1),
        ("a, 2022, 2022\na, 2025, 9999", 2),
        ("a, 2024, 9999", 2),
        ("", 4),
    ],
    ids=["closed", "open", "overlap", "gap", "begins_late", "empty"],
)
def test_years_without_a_rule_or_with_two_are_found(
    few: Any, seed: rules.RuleSeed, rows: str, unexpected: int
) -> None:
    few.make("core.data_years", "year:int", "2022\n2023\n2024\n2025\n2025")
    few.make(
        f"reference.{seed.table}",
        f"{seed.kind or 'kind'}:text, {seed.first}:int, {seed.last}:int",
        rows,
    )
    of_few_years = rules.RuleSeed(seed.table, seed.first, seed.last, FROM_2022_TO_2025, seed.kind)

    assert few.answer(rules.rules_in_force(of_few_years)) == (4, unexpected)


def test_kinds_of_rules_do_not_overlap_each_other_and_may_begin_later(few: Any) -> None:
    few.make("core.data_years", "year:int", "2022\n2023\n2024\n2025")
    few.make(
        "reference.transition_windows",
        "window_code:text, first_diploma_class:int, last_diploma_class:int",
        """
        12_months, 2022, 9999
        16_months, 2022, 2024
        24_months, 2024, 9999
        """,
    )
    seed = rules.RuleSeed(
        "transition_windows",
        *("first_diploma_class", "last_diploma_class"),
        years=FROM_2022_TO_2025,
        kind="window_code",
    )

    # Of 16 months 2025 has none; 24 months need none before 2024.
    assert few.answer(rules.rules_in_force(seed)) == (10, 1)


def test_cohort_years_come_from_the_grades_of_enrolled_high_school_students(few: Any) -> None:
    few.make(
        "reference.grade_levels",
        "grade_level:text, grade_order:int, grade_band:text",
        "08, 8, PK-8\n09, 9, 9-12\n12, 12, 9-12",
    )
    few.make(
        "core.fct_enrollment_span",
        "school_year:int, grade_level:text, is_member:boolean, is_primary_school:boolean",
        """
        2022, 12, true, true
        2022, 09, true, true
        2022, 08, true, true
        2021, 12, false, true
        """,
    )
    few.make(
        "reference.cohort_rules",
        "timeframe_years:int, first_cohort_year:int, last_cohort_year:int",
        "4, 2023, 9999",
    )

    # Grade 12 of 2022 is the cohort of 2022, before the first rule; grade 9 is that of 2025.
    assert few.answer(rules.rules_in_force(BY_TABLE["cohort_rules"])) == (2, 1)


@pytest.mark.parametrize(
    ("table", "years"),
    [
        ("cip_vintages", "staging.stg_ipeds__completions award_year"),
        ("supply_rules", "staging.stg_ipeds__completions award_year"),
        ("oews_soc_vintages", "staging.stg_bls_oews__wages vintage_year"),
        ("oews_top_codes", "staging.stg_bls_oews__wages vintage_year"),
    ],
)
def test_years_of_staging_before_the_first_rule_are_found(few: Any, table: str, years: str) -> None:
    seed = BY_TABLE[table]
    staged, column = years.split()
    few.make(staged, f"{column}:int", "2011\n2012\n2012")
    few.make(f"reference.{table}", f"{seed.first}:int, {seed.last}:int", "2012, 9999")

    assert few.answer(rules.rules_in_force(seed)) == (2, 1)


def test_disclosure_profile_must_be_in_force_on_the_day_of_the_run(few: Any) -> None:
    few.ledger_run()
    few.database.execute(
        "drop table reference.suppression_profiles;"
        " create table reference.suppression_profiles as"
        " select * from (values ('public_default', date '2011-07-01', date '2026-01-09'),"
        " ('report_card', date '2011-07-01', null)) as profiles (profile, valid_from, valid_to)"
    )

    (check,) = [one for one in rules.rule_checks(4711) if one.about == "suppression_profiles"]

    # The run is of 2026-01-10.
    assert few.counts(check) == (2, 1)
