"""Door 2 for pathways and outcomes: concentrators, cohorts, diplomas, college terms.

Sources of the rules: Perkins V section 3(12) and the state's wording by year, ESEA 8101(25), and
StudentTracker practice: college after high school needs a term that begins after the diploma.
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck


def outcome_checks() -> list[SqlCheck]:
    """Queries over the facts of pathways and outcomes."""
    return [
        SqlCheck("concentrator_ever_participant", "fct_cte_status", never_participants()),
        SqlCheck("concentrator_rule_version_matches_year", "fct_cte_status", rule_versions()),
        SqlCheck("graduates_stay_in_cohort", "fct_grad_cohort", graduates_outside()),
        SqlCheck("nsc_counted_terms_begin_after_diploma", "fct_ps_transition", early_terms()),
        SqlCheck("transition_windows_nested", "fct_ps_transition", windows_apart()),
    ]


def never_participants() -> sql.Composed:
    """Concentrator rows, and those without a year as participant up to then in that pathway."""
    return sql.SQL(
        "select count(*), count(*) filter (where first_year is null or school_year < first_year)"
        " from (select school_year, is_concentrator, min(school_year) filter (where is_participant)"
        " over (partition by student_key, pathway_code) as first_year from core.fct_cte_status"
        ") as statuses where is_concentrator"
    ).format()


def rule_versions() -> sql.Composed:
    """CTE rows, and those whose rule was not in force in their year."""
    return sql.SQL(
        "select count(*), count(*) filter (where rules.rule_version is null)"
        " from core.fct_cte_status as fact left join reference.cte_concentrator_rules as rules"
        " on fact.cte_rule_version = rules.rule_version"
        " and fact.school_year >= rules.first_school_year"
        " and fact.school_year <= coalesce(rules.last_school_year, fact.school_year)"
    ).format()


def graduates_outside() -> sql.Composed:
    """Members of cohorts, and graduates who are out of the denominator or of another status."""
    return sql.SQL(
        "select count(*), count(*) filter (where is_graduate and (not is_in_denominator"
        " or cohort_status <> 'graduated') or cohort_status = 'graduated' and not is_graduate"
        " or cohort_status = 'removed' and is_in_denominator) from core.fct_grad_cohort"
    ).format()


def early_terms() -> sql.Composed:
    """Counted college-goers, and those without a counted term that began after the diploma."""
    return sql.SQL(
        "select count(*), count(*) filter (where not exists (select from"
        " core.fct_ps_enrollment as term where term.student_key = fact.student_key"
        " and term.counts_as_enrolled and term.enrollment_begin_date > fact.diploma_date"
        " and term.enrollment_begin_date = fact.first_term_begin_date))"
        " from core.fct_ps_transition as fact where fact.first_term_begin_date is not null"
        " or fact.is_enrolled_fall or fact.is_enrolled_12_months or fact.is_enrolled_16_months"
    ).format()


def windows_apart() -> sql.Composed:
    """Graduates, and those in a short window but not in the long one, or in one but not found."""
    return sql.SQL(
        "select count(*), count(*) filter (where (is_enrolled_fall or is_enrolled_12_months)"
        " and not is_enrolled_16_months or is_enrolled_16_months and not (is_found and is_searched)"
        " or is_found and not is_searched) from core.fct_ps_transition"
    ).format()
