"""Door 3 for regions: those that say that they add up to the state do.

Source of the rule: domain specification of regions; seven counties lie in two development regions,
service agencies and college districts cut counties.
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

INDUSTRY = ("calendar_year", "naics_code", "ownership_code")
PROJECTION = (
    *("soc_vintage", "soc_code", "horizon"),
    *("base_year", "projected_year", "publication_name"),
)
# Projections are rounded to ten by most publishers: half of it for each area and for the state.
PUBLISHED_ROUNDING = 5


def region_checks(schema: str) -> list[SqlCheck]:
    """Queries over the regional rows of a release."""
    return [
        additive_labor_force(schema),
        additive_industries(schema, "establishment_count"),
        additive_industries(schema, "average_employment_count"),
        additive_demand(schema),
    ]


def additive_labor_force(schema: str) -> SqlCheck:
    """Schemes and periods whose additive regions are together not the counties together."""
    query = sql.SQL(
        "with sums as (select area_type, period_type, period_date, sum(labor_force_count)"
        " as labor_force, bool_and(labor_force_count_status = 'reported') as is_whole from {mart}"
        " where is_additive and not is_seasonally_adjusted"
        " group by area_type, period_type, period_date)"
        " select count(*), count(*) filter (where region.labor_force <> county.labor_force)"
        " from sums as region inner join sums as county"
        " on region.period_type = county.period_type and region.period_date = county.period_date"
        " where county.area_type = 'county' and region.area_type <> 'county'"
        " and region.is_whole and county.is_whole"
    ).format(mart=sql.Identifier(schema, "mart_labor_force"))
    return SqlCheck("regions_add_up_where_told", "mart_labor_force", query)


def additive_industries(schema: str, measure: str) -> SqlCheck:
    """Industries and years whose additive regions are together not the counties together."""
    query = sql.SQL(
        "with sums as (select area_type, {cell}, sum({measure}) as whole,"
        " bool_and({status} = 'reported') as is_whole from {mart}"
        " where is_additive group by area_type, {cell})"
        " select count(*), count(*) filter (where region.whole <> county.whole)"
        " from sums as region inner join sums as county using ({cell})"
        " where county.area_type = 'county' and region.area_type <> 'county'"
        " and region.is_whole and county.is_whole"
    ).format(
        cell=sql.SQL(", ").join(map(sql.Identifier, INDUSTRY)),
        measure=sql.Identifier(measure),
        status=sql.Identifier(f"{measure}_status"),
        mart=sql.Identifier(schema, "mart_industry_profile"),
    )
    return SqlCheck("regions_add_up_where_told", f"mart_industry_profile.{measure}", query)


def additive_demand(schema: str) -> SqlCheck:
    """Occupations whose additive regions have together other openings than their state.

    Of one publication only, and where each region of the scheme is told: an occupation that is too
    small for a region is in the state's figure alone.
    """
    query = sql.SQL(
        "with areas as (select area_type, count(distinct area_code) as area_count from {mart}"
        " where is_additive group by area_type), sums as (select area_type, {cell},"
        " sum(openings_count) as openings, count(openings_count) as told_count from {mart}"
        " where is_additive group by area_type, {cell})"
        " select count(*), count(*) filter (where abs(sums.openings - state.openings_count)"
        " > {rounding} * (sums.told_count + 1)) from sums inner join areas using (area_type)"
        " inner join {mart} as state using ({cell})"
        " inner join reference.reporting_state as own on state.area_code = own.state_fips"
        " where state.area_type = 'state' and sums.told_count = areas.area_count"
        " and state.openings_count is not null"
    ).format(
        cell=sql.SQL(", ").join(map(sql.Identifier, PROJECTION)),
        rounding=sql.Literal(PUBLISHED_ROUNDING),
        mart=sql.Identifier(schema, "mart_region_demand"),
    )
    return SqlCheck("regions_add_up_where_told", "mart_region_demand.openings_count", query)
