"""Door 2 for rules in force: every year that the data have falls under one rule of each kind.

The years come from what a rule is applied to, not from the fact that it has already thinned.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from expectations.doors import SqlCheck

ENROLLED_YEARS = sql.SQL("select school_year from core.dim_school_year where has_enrollment")
COHORT_YEARS = sql.SQL(
    "select span.school_year + 12 - grade.grade_order from core.fct_enrollment_span as span"
    " inner join reference.grade_levels as grade on span.grade_level = grade.grade_level"
    " where span.is_member and span.is_primary_school and grade.grade_band = '9-12'"
)
DIPLOMA_CLASSES = sql.SQL(
    "select school_year from staging.stg_edfi__student_diplomas"
    " union select diploma_class from core.fct_diploma"
)
AWARD_YEARS = sql.SQL("select award_year from staging.stg_ipeds__completions")
WAGE_YEARS = sql.SQL("select vintage_year from staging.stg_bls_oews__wages")


@dataclass(frozen=True, slots=True)
class RuleSeed:
    """Effective-dated rows: first and last year, the years of the data, what tells kinds apart."""

    table: str
    first: str
    last: str
    years: sql.Composable
    kind: str | None = None


SEEDS = (
    RuleSeed(
        "cte_concentrator_rules",
        *("first_school_year", "last_school_year"),
        years=ENROLLED_YEARS,
    ),
    RuleSeed(
        "cohort_rules",
        *("first_cohort_year", "last_cohort_year"),
        years=COHORT_YEARS,
        kind="timeframe_years",
    ),
    RuleSeed(
        "transition_rules",
        *("first_diploma_class", "last_diploma_class"),
        years=DIPLOMA_CLASSES,
    ),
    RuleSeed(
        "transition_windows",
        *("first_diploma_class", "last_diploma_class"),
        years=DIPLOMA_CLASSES,
        kind="window_code",
    ),
    RuleSeed("supply_rules", "first_award_year", "last_award_year", years=AWARD_YEARS),
    RuleSeed("cip_vintages", "first_award_year", "last_award_year", years=AWARD_YEARS),
    RuleSeed("oews_soc_vintages", "first_year", "last_year", years=WAGE_YEARS),
    RuleSeed("oews_top_codes", "first_year", "last_year", years=WAGE_YEARS),
)


def rule_checks(run_id: int) -> list[SqlCheck]:
    """One query a seed; thresholds of disclosure must be in force on the run's day."""
    day = sql.SQL("select as_of_date from ops.run where run_id = {}").format(sql.Literal(run_id))
    profiles = RuleSeed("suppression_profiles", "valid_from", "valid_to", years=day, kind="profile")
    return [
        SqlCheck("one_rule_in_force_a_year", seed.table, rules_in_force(seed))
        for seed in (*SEEDS, profiles)
    ]


def rules_in_force(seed: RuleSeed) -> sql.Composed:
    """Years of the data by kind of rule, and those with no rule or several.

    A kind may begin later than others: only years before every rule, or since its own first one,
    need it.
    """
    return sql.SQL(
        "select count(*), count(*) filter (where in_force <> 1) from"
        " (select data.year, kinds.kind, count(rules.{first}) as in_force"
        " from (select distinct year from ({years}) as told (year)) as data"
        " left join (select cast({kind} as text) as kind, min(rules.{first}) as first_year"
        " from {rules} as rules group by 1) as kinds on true"
        " left join {rules} as rules on cast({kind} as text) = kinds.kind"
        " and data.year >= rules.{first} and data.year <= coalesce(rules.{last}, data.year)"
        " where kinds.first_year is null or data.year >= kinds.first_year"
        " or data.year < (select min({first}) from {rules})"
        " group by data.year, kinds.kind) as years"
    ).format(
        years=seed.years,
        kind=sql.Literal("") if seed.kind is None else sql.Identifier("rules", seed.kind),
        rules=sql.Identifier("reference", seed.table),
        first=sql.Identifier(seed.first),
        last=sql.Identifier(seed.last),
    )
