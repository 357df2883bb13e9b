"""Doors 2 and 3 for labour-market and college figures: marks, totals, majors, counties.

Sources of the rules: notes of the OEWS files (`*`, `**`, `#`, `~`), the IPEDS completions survey
(CIP 99 is a grand total; MAJORNUM 2 repeats a person), Wisconsin's eleven workforce areas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psycopg import sql

from expectations.checks import nothing
from expectations.doors import SqlCheck

if TYPE_CHECKING:
    from expectations.subject import Subject

WAGE_KEY = ("naics_code", "ownership_code", "soc_code", "occupation_group")
WAGE_CELL = ("vintage_year", "area_code", *WAGE_KEY)
# A third is stored with six digits.
WEIGHT_TOLERANCE = 0.00001
AWARD_CELL = ("award_year", "unitid", "cip_code", "major_number", "award_level")


def labor_market_checks(subject: Subject) -> list[SqlCheck]:
    """Queries over the facts and bridges of the labour market and of colleges."""
    return [
        *figures_agree(subject),
        wage_marks(subject),
        top_codes_kept(subject),
        completions_in_detail(),
        awards_lost(),
        wages_lost(),
        county_in_one_workforce_area(),
        county_in_one_primary_region(),
        region_weights(),
        county_parts(),
    ]


def figures_agree(subject: Subject) -> list[SqlCheck]:
    """Cells of the star schema that contradict their status."""
    check_id = "figures_agree_with_statuses"
    made = [
        SqlCheck(check_id, f"{table}.{column}", contradictions("core", table, column))
        for table, columns in sorted(subject.tables.items())
        for column in columns
        if f"{column}_status" in columns
    ]
    return made or [nothing(check_id, "no statuses in core")]


def public_figures_agree(subject: Subject) -> list[SqlCheck]:
    """Cells of marts that count no people, and that contradict their publisher's status."""
    check_id = "labor_market_statuses_kept"
    made = [
        SqlCheck(
            check_id, f"{mart.name}.{column}", contradictions(subject.schema, mart.name, column)
        )
        for mart in subject.marts
        if not mart.student_derived
        for column in subject.tables.get(mart.name, {})
        if f"{column}_status" in subject.tables[mart.name]
    ]
    return made or [nothing(check_id, "no statuses in public marts")]


def contradictions(schema: str, table: str, column: str) -> sql.Composed:
    """Cells, and those that contradict their status or whose status is unknown."""
    return sql.SQL(
        "select count(*), count(*) filter (where known.status is null"
        " or (told.{column} is not null) <> known.has_figure) from {table} as told"
        " left join reference.source_statuses as known on told.{status} = known.status"
    ).format(
        column=sql.Identifier(column),
        status=sql.Identifier(f"{column}_status"),
        table=sql.Identifier(schema, table),
    )


def wage_marks(subject: Subject) -> SqlCheck:
    """Wage rows whose marks differ from those of the publisher's row they came from."""
    marks = [name for name in subject.tables.get("fct_lmi_wage", {}) if name.endswith("_status")]
    query = sql.SQL(
        "select count(*), count(*) filter (where staged.soc_code is null or ({fact}) is distinct"
        " from ({staged})) from core.fct_lmi_wage as fact left join"
        " staging.stg_bls_oews__wages as staged on fact.load_id = staged.load_id"
        " and fact.vintage_year = staged.vintage_year and fact.area_code = staged.area_code"
        " and ({fact_key}) = ({staged_key})"
    ).format(
        fact=_columns("fact", marks),
        staged=_columns("staged", marks),
        fact_key=_columns("fact", WAGE_KEY),
        staged_key=_columns("staged", WAGE_KEY),
    )
    return SqlCheck("oews_flags_preserved", "fct_lmi_wage", query)


def top_codes_kept(subject: Subject) -> SqlCheck:
    """Wage rows with a top-coded cell, and those where one holds another figure than its bound.

    The bound is that of the row's vintage, for wages of an hour or of a year.
    """
    wages = [
        name
        for name in subject.tables.get("fct_lmi_wage", {})
        if re.fullmatch(r"(hourly|annual)_\w+_wage_usd", name)
    ]
    if not wages:
        return nothing("oews_flags_preserved", "no wages in fct_lmi_wage")
    marked = [
        sql.SQL("{} = 'top_coded'").format(sql.Identifier("wage", f"{name}_status"))
        for name in wages
    ]
    held = [
        sql.SQL("{marked} and {wage} is distinct from {bound}").format(
            marked=mark,
            wage=sql.Identifier("wage", name),
            bound=sql.Identifier("known", f"{name[:6]}_top_code_usd"),
        )
        for name, mark in zip(wages, marked, strict=True)
    ]
    query = sql.SQL(
        "select count(*), count(*) filter (where {held}) from core.fct_lmi_wage as wage"
        " left join reference.oews_top_codes as known"
        " on wage.vintage_year between known.first_year and known.last_year where {marked}"
    ).format(held=sql.SQL(" or ").join(held), marked=sql.SQL(" or ").join(marked))
    return SqlCheck("oews_flags_preserved", "fct_lmi_wage.top_codes", query)


def completions_in_detail() -> SqlCheck:
    """Rows of completions that are grand totals or sums of broader programs."""
    query = sql.SQL(
        "select count(*), count(*) filter (where cip_code like '99%' or length(cip_code) <> 7)"
        " from core.fct_completions_agg"
    ).format()
    return SqlCheck("ipeds_no_cip99_in_detail", "fct_completions_agg", query)


def awards_lost() -> SqlCheck:
    """Cells of six-digit programs in staging, and those that the fact does not have."""
    programs = sql.SQL(" where not is_grand_total and length(cip_code) = 7")
    query = _lost("stg_ipeds__completions", "fct_completions_agg", AWARD_CELL, programs)
    return SqlCheck("ipeds_awards_all_in_detail", "fct_completions_agg", query)


def wages_lost() -> SqlCheck:
    """Wage cells in staging, and those that the fact does not have."""
    query = _lost("stg_bls_oews__wages", "fct_lmi_wage", WAGE_CELL, sql.SQL(""))
    return SqlCheck("oews_wages_all_in_core", "fct_lmi_wage", query)


def county_in_one_workforce_area() -> SqlCheck:
    """Counties of the reporting state that are in no workforce area today, or in several."""
    return SqlCheck(
        "county_in_one_wda", "bridge_area", _memberships("workforce_area", primary_only=False)
    )


def county_in_one_primary_region() -> SqlCheck:
    """Counties without a primary pathway region today, or with several."""
    return SqlCheck(
        "county_in_one_primary_region",
        "bridge_area",
        _memberships("pathway_region", primary_only=True),
    )


def region_weights() -> SqlCheck:
    """Counties of a scheme whose weights in its regions of today are not parts of one."""
    query = sql.SQL(
        "select count(*), count(*) filter (where abs(whole - 1) > {tolerance} or least <= 0) from"
        " (select sum(area_weight) as whole, min(area_weight) as least from core.bridge_area"
        " where valid_from <= current_date and coalesce(valid_to, current_date) >= current_date"
        " group by parent_area_type, area_code) as counties"
    ).format(tolerance=sql.Literal(WEIGHT_TOLERANCE))
    return SqlCheck("weights_sum_to_one", "bridge_area.area_weight", query)


def county_parts() -> SqlCheck:
    """Occupations of workforce areas, and those whose parts in counties are not parts of one."""
    query = sql.SQL(
        "select count(*), count(*) filter (where untold > 0 or abs(whole - 1) > {tolerance}"
        " or least < 0) from (select sum(job_share) as whole, min(job_share) as least,"
        " count(*) - count(job_share) as untold from core.int_occupation__counties_apportioned"
        " group by workforce_area_code, soc_vintage, soc_code having count(job_share) > 0) as areas"
    ).format(tolerance=sql.Literal(WEIGHT_TOLERANCE))
    return SqlCheck("weights_sum_to_one", "int_occupation__counties_apportioned.job_share", query)


def supply_of_first_majors(schema: str) -> SqlCheck:
    """State totals of the supply mart that are not the sum of first majors of its institutions."""
    query = sql.SQL(
        "select count(*), count(*) filter (where mart.award_count is distinct from majors.awards)"
        " from {mart} as mart left join (select fact.award_year, fact.cip_vintage,"
        " institution.state_fips, sum(fact.award_count) as awards"
        " from core.fct_completions_agg as fact inner join core.dim_institution as institution"
        " on fact.unitid = institution.unitid where fact.major_number = '1'"
        " group by fact.award_year, fact.cip_vintage, institution.state_fips) as majors"
        " on mart.award_year = majors.award_year and mart.cip_vintage = majors.cip_vintage"
        " and mart.area_code = majors.state_fips where mart.area_type = 'state'"
        " and mart.cip_code = 'All' and mart.award_group = 'All'"
        " and mart.award_count_status = 'reported'"
    ).format(mart=sql.Identifier(schema, "mart_program_supply"))
    return SqlCheck("ipeds_majornum1_for_supply", "mart_program_supply", query)


def _lost(staged: str, fact: str, cell: tuple[str, ...], where: sql.SQL) -> sql.Composed:
    """Distinct cells of a staging table, and those absent from the fact; a revised one is one."""
    return sql.SQL(
        "with staged as (select distinct {cell} from {staged}{where}), lost as"
        " (select * from staged except select {cell} from {fact})"
        " select (select count(*) from staged), (select count(*) from lost)"
    ).format(
        cell=sql.SQL(", ").join(map(sql.Identifier, cell)),
        staged=sql.Identifier("staging", staged),
        where=where,
        fact=sql.Identifier("core", fact),
    )


def _memberships(scheme: str, *, primary_only: bool) -> sql.Composed:
    return sql.SQL(
        "select count(*), count(*) filter (where areas <> 1) from (select county.county_fips,"
        " count(member.parent_area_code) as areas from reference.counties as county"
        " inner join reference.reporting_state as state on county.state_fips = state.state_fips"
        " left join core.bridge_area as member on member.area_code = county.county_fips"
        " and member.parent_area_type = {scheme} and member.valid_from <= current_date"
        " and coalesce(member.valid_to, current_date) >= current_date"
        " and (member.is_primary or not {primary_only}) group by county.county_fips) as counties"
    ).format(scheme=sql.Literal(scheme), primary_only=sql.Literal(primary_only))


def _columns(alias: str, names: list[str] | tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(name)) for name in names
    )
