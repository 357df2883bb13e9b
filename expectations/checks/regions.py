"""Door 3 for regions: those that say that they add up to the state do.

Source of the rule: domain specification of regions; seven counties lie in two development regions,
service agencies and college districts cut counties.
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck


def region_checks(schema: str) -> list[SqlCheck]:
    """Queries over the regional rows of a release."""
    return [additive_regions(schema)]


def additive_regions(schema: str) -> SqlCheck:
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
