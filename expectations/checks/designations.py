"""Door 2 for designations: no occupation is called in demand, or not, without the figures for it.

Source of the rule: federal law leaves high wage, high skill and in demand to the states; a figure
that is withheld leaves a designation unknown, never denied.
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

OCCUPATION = ("area_type", "area_code", "soc_vintage", "soc_code")
DESIGNATION = (*OCCUPATION, "rule_set_code", "rule_version", "designation")
CONDITION = (
    *("rule_set_code", "rule_version", "designation"),
    *("alternative_number", "clause_number", "condition_number"),
)


def designation_checks() -> list[SqlCheck]:
    """Queries over designations."""
    return [inputs_complete()]


def inputs_complete() -> SqlCheck:
    """Designations that say yes or no, and those whose figures do not say it.

    Yes needs an alternative in each of whose clauses enough conditions hold; no needs in each
    alternative a clause in which so many fail that too few are left. A condition without its
    figure or benchmark does neither.
    """
    query = sql.SQL(
        "with asked as (select * from core.fct_occupation_designation"
        " where designation_result in ('yes', 'no')), conditions as ({conditions}),"
        " clauses as (select {designation}, alternative_number, max(needed_count) as needed,"
        " count(*) as every, count(*) filter (where is_told and condition_outcome = 1) as holding,"
        " count(*) filter (where is_told and condition_outcome = 0) as failing from conditions"
        " group by {designation}, alternative_number, clause_number),"
        " alternatives as (select {designation}, bool_and(holding >= needed) as holds,"
        " bool_or(failing > every - needed) as fails from clauses"
        " group by {designation}, alternative_number), decisions as (select {designation},"
        " bool_or(holds) as is_yes, bool_and(fails) as is_no from alternatives"
        " group by {designation}) select count(*), count(*) filter (where not coalesce("
        "case designation_result when 'yes' then is_yes else is_no end, false))"
        " from asked left join decisions using ({designation})"
    ).format(conditions=_conditions(), designation=_columns(DESIGNATION))
    return SqlCheck("designation_inputs_complete", "fct_occupation_designation", query)


def _conditions() -> sql.Composed:
    """Conditions of each designation, and whether figure and benchmark are there in its vintage."""
    return sql.SQL(
        "select {designation}, rules.alternative_number, rules.clause_number, rules.needed_count,"
        " compared.condition_outcome, own.measure_value is not null and (total.measure_value"
        " is not null or rules.benchmark_code not like '%all_occupations') as is_told"
        " from asked inner join reference.designation_conditions as rules"
        " using (rule_set_code, rule_version, designation)"
        " left join core.int_occupation__compared as compared"
        " on ({occupation}, {condition}) = ({compared_occupation}, {compared_condition})"
        " left join core.int_occupation__measured as own"
        " on ({occupation}, rules.measure_code) = ({own_occupation}, own.measure_code)"
        " and own.vintage_year = case own.measure_origin when 'wage' then asked.wage_vintage_year"
        " when 'projection' then asked.projection_base_year else asked.requirement_matrix_year end"
        " left join core.int_occupation__measured as total on total.soc_code = '00-0000'"
        " and total.soc_vintage = own.soc_vintage and total.measure_code = own.measure_code"
        " and total.vintage_year = own.vintage_year and (total.area_type, total.area_code) ="
        " (case rules.benchmark_code when 'state_all_occupations' then 'state' else own.area_type"
        " end, case rules.benchmark_code when 'state_all_occupations' then"
        " (select state_fips from reference.reporting_state) else own.area_code end)"
    ).format(
        designation=_columns(DESIGNATION, "asked"),
        occupation=_columns(OCCUPATION, "asked"),
        condition=_columns(CONDITION, "rules"),
        compared_occupation=_columns(OCCUPATION, "compared"),
        compared_condition=_columns(CONDITION, "compared"),
        own_occupation=_columns(OCCUPATION, "own"),
    )


def _columns(names: tuple[str, ...], *table: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(*table, name) for name in names)
