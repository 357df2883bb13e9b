"""Doors 1 and 3 for the labor force: series are listed, rates follow, counties stay within it.

Source of the rules: technical notes of the Local Area Unemployment Statistics (the rate is the
unemployed over the labor force, one digit; counties are controlled to the state).
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

RATE_TOLERANCE = 0.1
"""BLS rounds its rates before its counts: at most one step apart."""

SUM_TOLERANCE = 0.005
"""Counties of one publication are rounded one by one; state and counties may be of two of them."""


def series_listed() -> SqlCheck:
    """Series with figures that no loaded list of series has; without a list none is asked about."""
    query = sql.SQL(
        "select count(*), count(*) filter (where not exists (select from"
        " staging.stg_bls_laus__series as listed where listed.series_id = told.series_id))"
        " from (select series_id from staging.stg_bls_laus__observations group by series_id)"
        " as told where exists (select from staging.stg_bls_laus__series)"
    ).format()
    return SqlCheck("laus_series_listed", "stg_bls_laus__observations", query)


def labor_force_checks(schema: str) -> list[SqlCheck]:
    """Queries over the labor force mart."""
    return [rates_recompute(schema), counties_within_state(schema)]


def rates_recompute(schema: str) -> SqlCheck:
    """Rows whose rate is not unemployed over labor force, or whose labor force is no sum."""
    mart = sql.Identifier(schema, "mart_labor_force")
    query = sql.SQL(
        "select count(*), count(*) filter (where abs(unemployment_rate_pct - round(100.0"
        " * unemployed_count / nullif(labor_force_count, 0), 1)) > {tolerance}"
        " or employed_count + unemployed_count <> labor_force_count) from {mart}"
        " where unemployment_rate_pct_status = 'reported' and labor_force_count_status = 'reported'"
        " and unemployed_count_status = 'reported' and employed_count_status = 'reported'"
    ).format(tolerance=sql.Literal(RATE_TOLERANCE), mart=mart)
    return SqlCheck("laus_rate_recomputes", "mart_labor_force", query)


def counties_within_state(schema: str) -> SqlCheck:
    """Periods in which the counties' labor force is above the state's."""
    mart = sql.Identifier(schema, "mart_labor_force")
    query = sql.SQL(
        "select count(*), count(*) filter (where counties.labor_force > state.labor_force_count"
        " * (1 + {tolerance})) from {mart} as state inner join (select period_type, period_date,"
        " sum(labor_force_count) as labor_force from {mart} where area_type = 'county'"
        " and not is_seasonally_adjusted group by period_type, period_date) as counties"
        " on state.period_type = counties.period_type and state.period_date = counties.period_date"
        " where state.area_type = 'state' and not state.is_seasonally_adjusted"
        " and state.labor_force_count_status = 'reported'"
    ).format(tolerance=sql.Literal(SUM_TOLERANCE), mart=mart)
    return SqlCheck("county_sum_within_state", "mart_labor_force", query)
