"""Doors 2 and 3 for the employment census: withheld cells are empty, levels never mix, sums fit.

Sources of the rules: layouts of the Quarterly Census of Employment and Wages (N is not disclosed
and printed as zeros; the aggregation level tells kind of area and depth of industry).
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

STAGED = {
    "quarterly": (
        "month1_employment_count",
        "month2_employment_count",
        "month3_employment_count",
        "total_wage_usd",
        "weekly_mean_wage_usd",
    ),
    "annual": ("average_employment_count", "total_wage_usd", "weekly_mean_wage_usd"),
}
CELL = (
    "area_fips",
    "naics_code",
    "ownership_code",
    "size_class_code",
    "calendar_year",
    "quarter_code",
    "load_id",
)
SUM_TOLERANCE = 0.005
"""Averages of a state and of its counties may be of two publications."""

ROUNDING = 0.5
"""Each county's average is rounded to whole jobs by itself."""


def industry_core_checks() -> list[SqlCheck]:
    """Queries over the employment census in staging and core."""
    return [
        *(_withheld(table, figures) for table, figures in STAGED.items()),
        _levels(),
        _parts_within_total(),
    ]


def industry_release_checks(schema: str) -> list[SqlCheck]:
    """Queries over the mart of industries."""
    return [_counties_within_state(sql.Identifier(schema, "mart_industry_profile"))]


def _withheld(table: str, figures: tuple[str, ...]) -> SqlCheck:
    """Withheld rows of a staging table with a figure, there or in the fact.

    A dash is no mark of withholding: such a row has no establishment, or the dash is not what we
    take it for.
    """
    staged = [_figure("staged", name) for name in figures]
    facts = [_figure("fact", name) for name in figures]
    query = sql.SQL(
        "select count(*), count(*) filter (where case staged.disclosure_code when 'N' then"
        " coalesce({staged}) is not null or coalesce({facts}) is not null"
        " or {statuses} <> 'suppressed_at_source' or staged.establishment_count is null"
        " else staged.establishment_count <> 0 end)"
        " from staging.{table} as staged left join core.fct_lmi_employment as fact on {cell}"
        " where staged.disclosure_code is not null"
    ).format(
        staged=sql.SQL(", ").join(staged),
        facts=sql.SQL(", ").join(facts),
        statuses=sql.SQL("staged.{}").format(sql.Identifier(f"{figures[0]}_status")),
        table=sql.Identifier(f"stg_bls_qcew__{table}"),
        cell=sql.SQL(" and ").join(
            sql.SQL("staged.{0} = fact.{0}").format(sql.Identifier(name)) for name in CELL
        ),
    )
    return SqlCheck("qcew_N_cells_are_null", f"stg_bls_qcew__{table}", query)


def _figure(alias: str, name: str) -> sql.Composed:
    return sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(name))


def _levels() -> SqlCheck:
    """Rows whose aggregation level is not that of their area, ownership and industry."""
    query = sql.SQL(
        "select count(*), count(*) filter (where industry.naics_code is null"
        " or fact.aggregation_level_code <> case fact.area_type when 'nation' then '1'"
        " when 'state' then '5' else '7' end || case when fact.ownership_code = '0' then '0'"
        " else industry.aggregation_digit end) from core.fct_lmi_employment as fact"
        " left join core.dim_industry as industry on fact.naics_vintage = industry.naics_vintage"
        " and fact.naics_code = industry.naics_code where fact.size_class_code = '0'"
        " and fact.ownership_code in ('0', '1', '2', '3', '5')"
    ).format()
    return SqlCheck("agglvl_not_mixed", "fct_lmi_employment", query)


def _parts_within_total() -> SqlCheck:
    """Areas and years in which the industries of one depth have more jobs than all industries."""
    query = sql.SQL(
        "select count(*), count(*) filter (where parts.jobs > total.average_employment_count"
        " * (1 + {tolerance}) + {rounding} * parts.industries) from"
        " core.int_industry__regions_summed as total inner join (select part.area_type,"
        " part.area_code, part.ownership_code, part.calendar_year, industry.industry_level,"
        " sum(part.average_employment_count) as jobs, count(*) as industries"
        " from core.int_industry__regions_summed as part inner join core.dim_industry as industry"
        " on part.naics_vintage = industry.naics_vintage and part.naics_code = industry.naics_code"
        " group by part.area_type, part.area_code, part.ownership_code, part.calendar_year,"
        " industry.industry_level) as parts on total.area_type = parts.area_type"
        " and total.area_code = parts.area_code and total.ownership_code = parts.ownership_code"
        " and total.calendar_year = parts.calendar_year where total.naics_code = '10'"
        " and total.average_employment_count_status = 'reported'"
    ).format(tolerance=sql.Literal(SUM_TOLERANCE), rounding=sql.Literal(ROUNDING))
    return SqlCheck("agglvl_not_mixed", "int_industry__regions_summed", query)


def _counties_within_state(mart: sql.Identifier) -> SqlCheck:
    """Industries of the state of which its counties together have more jobs."""
    query = sql.SQL(
        "select count(*), count(*) filter (where counties.jobs > state.average_employment_count"
        " * (1 + {tolerance}) + {rounding} * counties.told) from {mart} as state inner join"
        " (select calendar_year, naics_code, ownership_code, sum(average_employment_count) as jobs,"
        " count(average_employment_count) as told from {mart} where area_type = 'county'"
        " group by calendar_year, naics_code, ownership_code) as counties"
        " on state.calendar_year = counties.calendar_year"
        " and state.naics_code = counties.naics_code"
        " and state.ownership_code = counties.ownership_code where state.area_type = 'state'"
        " and state.average_employment_count_status = 'reported'"
    ).format(tolerance=sql.Literal(SUM_TOLERANCE), rounding=sql.Literal(ROUNDING), mart=mart)
    return SqlCheck("county_sum_within_state", "mart_industry_profile", query)
