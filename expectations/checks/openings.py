"""Door 2 for projections and their openings: nothing lost between staging, occupation and program.

Source of the rules: openings of an occupation are those of its programs and those without a program
(crosswalk of NCES and BLS, code 99.9999); shares of an occupation add up to one.
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

WEIGHT_TOLERANCE = 0.000000001
NO_PROGRAM, NO_OCCUPATION = "99.9999", "99-9999"
OCCUPATION = ("area_type", "area_code", "soc_code", "horizon", "base_year", "projected_year")


def openings_checks() -> list[SqlCheck]:
    """Queries over projections, allocated openings and career clusters."""
    return [
        projections_lost(),
        openings_conserved(),
        unmatched_reported(),
        filtered_reported(),
        allocation_weights(),
        cluster_weights(),
    ]


def projections_lost() -> SqlCheck:
    """Cells of projections in staging, and those that the fact does not have."""
    query = sql.SQL(
        "with staged as (select {cell} from staging.stg_projections__state_projections"
        " where area_type = 'nation' or area_code in (select state_fips from reference.states)"
        " union select 'nation', '99', soc_code, 'long', base_year, projected_year"
        " from staging.stg_projections__ep_separations"
        " union select {cell} from staging.stg_projections__area_projections),"
        " lost as (select * from staged except select {cell} from core.fct_projection)"
        " select (select count(*) from staged), (select count(*) from lost)"
    ).format(cell=_columns(OCCUPATION))
    return SqlCheck("projections_all_in_core", "fct_projection", query)


def openings_conserved() -> SqlCheck:
    """Occupations, by additive method, whose openings are not those of their programs."""
    query = sql.SQL(
        "with expected as ({occupations}), rules as (select * from"
        " reference.openings_allocation_rules where is_additive), asked as (select {cell},"
        " allocation_method, rule_version, openings_count, demand_new_count from expected"
        " inner join rules on base_year between first_base_year and last_base_year),"
        " told as (select {cell}, allocation_method, rule_version,"
        " sum(allocated_openings_count) as openings, sum(allocated_demand_new_count) as demand"
        " from core.fct_openings_allocated where is_additive"
        " group by {cell}, allocation_method, rule_version)"
        " select count(*), count(*) filter (where asked.soc_code is null or told.soc_code is null"
        " or asked.openings_count is distinct from told.openings"
        " or asked.demand_new_count is distinct from told.demand) from asked"
        " full join told using ({cell}, allocation_method, rule_version)"
    ).format(occupations=_occupations(), cell=_columns(OCCUPATION))
    return SqlCheck("openings_conserved_under_allocation", "fct_openings_allocated", query)


def unmatched_reported() -> SqlCheck:
    """Occupations that the publishers' pairs leave without a program, and do not stand so.

    A code of the wage survey stands for those of SOC 2018 that the survey made it of. Versions with
    the filter of education leave more without a program, and have a check of their own.
    """
    query = sql.SQL(
        "with expected as ({occupations}), pairs as (select distinct soc_vintage, soc_code from"
        " staging.stg_crosswalks__cip_soc where cip_code <> {no_program} and soc_code <>"
        " {no_occupation}), parts as (select soc_vintage, soc_code, soc_code as part from pairs"
        " union select soc_vintage, left(soc_code, 6) || '0', soc_code from pairs"
        " union select '2018', hybrid_soc_code, soc_code_2018 from"
        " staging.stg_crosswalks__oews_hybrid), prepared as (select distinct parts.soc_vintage,"
        " parts.soc_code from parts inner join pairs on parts.soc_vintage = pairs.soc_vintage"
        " and parts.part = pairs.soc_code), asked as (select {cell}, not exists (select"
        " from prepared where prepared.soc_vintage = expected.soc_vintage"
        " and prepared.soc_code = expected.soc_code) as is_without from expected where exists"
        " (select from reference.openings_allocation_rules where base_year between first_base_year"
        " and last_base_year and not is_education_filtered)),"
        " told as (select {cell}, count(*) filter (where is_unmatched and cip_code = {no_program}"
        " and allocation_weight = 1) as reported, count(*) as every"
        " from core.fct_openings_allocated where not is_education_filtered group by {cell})"
        " select count(*), count(*) filter (where is_without <> (coalesce(reported, 0) > 0)"
        " or (is_without and reported <> every)) from asked left join told using ({cell})"
    ).format(
        occupations=_occupations(),
        no_program=sql.Literal(NO_PROGRAM),
        no_occupation=sql.Literal(NO_OCCUPATION),
        cell=_columns(OCCUPATION),
    )
    return SqlCheck("unmatched_openings_reported", "fct_openings_allocated", query)


def filtered_reported() -> SqlCheck:
    """Occupations that the filter of education leaves with programs that it should not, or without.

    It takes programs away for the level of their awards, one without awards never, and adds none;
    the openings of an occupation that no program is left for stand together as unmatched.
    """
    query = sql.SQL(
        "with pairs as (select {cell}, allocation_method, cip_code,"
        " bool_or(fact.is_education_filtered) as is_kept,"
        " bool_or(not fact.is_education_filtered) as is_paired,"
        " bool_or(is_unmatched) as is_none, max(supply_count) as supply"
        " from core.fct_openings_allocated as fact"
        " inner join reference.openings_allocation_rules as rules using (allocation_method)"
        " where rules.is_education_filtered and base_year between first_base_year"
        " and last_base_year group by {cell}, allocation_method, cip_code),"
        " occupations as (select {cell}, allocation_method,"
        " bool_or(is_none and is_paired) and not bool_or(is_none and is_kept) as is_lost,"
        " bool_or(is_none and is_kept) and count(*) filter (where is_kept) > 1 as is_in_part,"
        " bool_or(is_paired and not is_kept and not is_none and supply = 0) as is_guessed,"
        " bool_or(is_kept and not is_paired and not is_none) as is_invented"
        " from pairs group by {cell}, allocation_method) select count(*), count(*) filter"
        " (where is_lost or is_in_part or is_guessed or is_invented) from occupations"
    ).format(cell=_columns(OCCUPATION))
    return SqlCheck("unmatched_openings_reported", "fct_openings_allocated, filtered", query)


def allocation_weights() -> SqlCheck:
    """Occupations, by additive method, whose shares are not parts of one."""
    query = sql.SQL(
        "select count(*), count(*) filter (where abs(whole - 1) > {tolerance} or least < 0) from"
        " (select sum(allocation_weight) as whole, min(allocation_weight) as least from"
        " core.fct_openings_allocated where is_additive"
        " group by {cell}, allocation_method, rule_version) as occupations"
    ).format(tolerance=sql.Literal(WEIGHT_TOLERANCE), cell=_columns(OCCUPATION))
    return SqlCheck("weights_sum_to_one", "fct_openings_allocated.allocation_weight", query)


def cluster_weights() -> SqlCheck:
    """Occupations whose shares of career clusters are not parts of one."""
    query = sql.SQL(
        "select count(*), count(*) filter (where abs(whole - 1) > {tolerance} or least <= 0) from"
        " (select sum(cluster_weight) as whole, min(cluster_weight) as least from"
        " core.bridge_occupation_cluster group by soc_vintage, soc_code) as occupations"
    ).format(tolerance=sql.Literal(WEIGHT_TOLERANCE))
    return SqlCheck("weights_sum_to_one", "bridge_occupation_cluster.cluster_weight", query)


def _occupations() -> sql.Composed:
    """Occupations of the reporting state and its areas whose openings are to be allocated."""
    return sql.SQL(
        "select {cell}, soc_vintage, openings_count, demand_new_count from core.fct_projection"
        " where recorded_to is null and is_preferred and is_line_item and (area_type = 'state'"
        " and area_code in (select state_fips from reference.reporting_state)"
        " or area_type not in ('nation', 'state'))"
    ).format(cell=_columns(OCCUPATION))


def _columns(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
