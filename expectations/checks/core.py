"""Door 2 in SQL: references, one school at a time, weights, and no personal column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from expectations.checks.councils import council_core_checks
from expectations.checks.designations import designation_checks
from expectations.checks.industries import industry_core_checks
from expectations.checks.labor_market import labor_market_checks
from expectations.checks.openings import openings_checks
from expectations.checks.outcomes import outcome_checks
from expectations.checks.persons import personal_columns
from expectations.checks.rules import rule_checks
from expectations.checks.vintages import vintage_checks
from expectations.doors import SqlCheck

if TYPE_CHECKING:
    from expectations.subject import Subject

# What a column of a fact or bridge refers to, whatever table it stands in.
REFERENCES = {
    "student_key": ("dim_student", "student_key"),
    "organization_code": ("dim_organization", "organization_code"),
    "school_year": ("dim_school_year", "school_year"),
    "pathway_code": ("dim_pathway", "pathway_code"),
    "unitid": ("dim_institution", "unitid"),
    "area_key": ("dim_area", "area_key"),
    "parent_area_key": ("dim_area", "area_key"),
    "area_code": ("dim_area", "area_code"),
}
# core may key students: only names, birth dates and identifiers may not be there.
CORE_KEYS = frozenset({"student_key"})
WEIGHT_TOLERANCE = 0.000001
# The crosswalk's words for a program or occupation without a partner.
NO_PARTNER = ("99.9999", "99-9999")


def checks(subject: Subject) -> list[SqlCheck]:
    """Queries over the star schema."""
    return [
        *references(subject),
        SqlCheck(
            "core_has_no_personal_columns",
            subject.schema,
            personal_columns(subject.schema, subject.personal, CORE_KEYS),
        ),
        one_primary_school(),
        one_accountable_school(),
        weights("soc_code", "soc_vintage", "cip_vintage", "cip_weight"),
        weights("cip_code", "cip_vintage", "soc_vintage", "soc_weight"),
        *labor_market_checks(subject),
        *industry_core_checks(),
        *council_core_checks(),
        *openings_checks(),
        *designation_checks(),
        *outcome_checks(),
        *rule_checks(subject.run_id),
        *vintage_checks(),
    ]


def references(subject: Subject) -> list[SqlCheck]:
    """Keys of facts and bridges without a row in their dimension."""
    return [
        SqlCheck(
            "referential_integrity_core",
            f"{table}.{column}",
            sql.SQL(
                "select count(*), count(*) filter (where known.key is null) from {fact} as fact"
                " left join (select distinct {key} as key from {dimension}) as known"
                " on fact.{column} = known.key where fact.{column} is not null"
            ).format(
                dimension=sql.Identifier("core", REFERENCES[column][0]),
                key=sql.Identifier(REFERENCES[column][1]),
                column=sql.Identifier(column),
                fact=sql.Identifier("core", table),
            ),
        )
        for table, columns in sorted(subject.tables.items())
        if table.startswith(("fct_", "bridge_"))
        for column in columns
        if column in REFERENCES
    ]


def one_primary_school() -> SqlCheck:
    """Days on which a student is a member of two primary schools at once."""
    query = sql.SQL(
        "select count(*), count(*) filter (where next_entry <= exit_date) from (select exit_date,"
        " lead(entry_date) over (partition by student_key order by entry_date, exit_date)"
        " as next_entry from core.fct_enrollment_span where is_primary_school and is_member"
        ") as spans"
    ).format()
    return SqlCheck("enrollment_one_primary_per_student_per_day", "fct_enrollment_span", query)


def one_accountable_school() -> SqlCheck:
    """Members of a year who have no accountable school, or several."""
    query = sql.SQL(
        "select count(*), count(*) filter (where accountable <> 1) from"
        " (select count(*) filter (where is_accountable) as accountable"
        " from core.fct_enrollment_span group by student_key, school_year"
        " having bool_or(is_member)) as members"
    ).format()
    return SqlCheck("one_accountable_school_per_student_and_year", "fct_enrollment_span", query)


def weights(code: str, vintage: str, other_vintage: str, weight: str) -> SqlCheck:
    """Codes whose weights do not split one evenly over the pairs that staging has."""
    query = sql.SQL(
        "with expected as (select pairs.*, 1.0 / count(*) over (partition by {code}, {vintage},"
        " {other}) as share from (select distinct cip_code, soc_code, cip_vintage, soc_vintage from"
        " staging.stg_crosswalks__cip_soc where cip_code <> {no_cip} and soc_code <> {no_soc}"
        ") as pairs), told as (select * from core.bridge_cip_soc where not is_unmatched)"
        " select count(*), count(*) filter (where not is_even or abs(whole - 1) > {tolerance}) from"
        " (select coalesce(sum(told.{weight}), 0) as whole, bool_and(coalesce("
        "abs(told.{weight} - expected.share) <= {tolerance}, false)) as is_even from expected"
        " full join told using (cip_code, soc_code, cip_vintage, soc_vintage)"
        " group by {code}, {vintage}, {other}) as codes"
    ).format(
        tolerance=sql.Literal(WEIGHT_TOLERANCE),
        no_cip=sql.Literal(NO_PARTNER[0]),
        no_soc=sql.Literal(NO_PARTNER[1]),
        weight=sql.Identifier(weight),
        code=sql.Identifier(code),
        vintage=sql.Identifier(vintage),
        other=sql.Identifier(other_vintage),
    )
    return SqlCheck("weights_sum_to_one", f"bridge_cip_soc.{weight}", query)
