"""Door 2 for vintages: nothing is lost between two of them, and areas are those of their year.

Sources of the rules: crosswalks of the Bureau of Labor Statistics, NCES and the Census Bureau; area
definitions of the wage survey, which change their counties with the vintage.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from expectations.doors import SqlCheck

TOLERANCE = 0.00001
"""Shares have six digits after the point or more; the parts of a county are at most a few."""


@dataclass(frozen=True, slots=True)
class _Crosswalk:
    """A bridge between vintages, and the publisher's pairs behind it."""

    bridge: str
    stem: str
    staged: sql.SQL


CROSSWALKS = (
    _Crosswalk(
        "bridge_soc_vintage",
        "soc",
        sql.SQL(
            "with own as (select * from staging.stg_crosswalks__oews_hybrid where oews_code_2018"
            " not in (select from_soc_code from staging.stg_crosswalks__soc_2010_2018)"
            " and oews_code_2018 not in (select soc_code_2010"
            " from staging.stg_crosswalks__oews_hybrid))"
            " select '2010' as older, '2018' as newer, from_soc_code as code, to_soc_code as part"
            " from staging.stg_crosswalks__soc_2010_2018 union select '2010', 'hybrid',"
            " soc_code_2010, hybrid_soc_code from staging.stg_crosswalks__oews_hybrid"
            " union select 'hybrid', '2018', hybrid_soc_code, soc_code_2018"
            " from staging.stg_crosswalks__oews_hybrid union select '2010', 'hybrid',"
            " oews_code_2018, hybrid_soc_code from own union select '2010', '2018',"
            " oews_code_2018, soc_code_2018 from own"
        ),
    ),
    _Crosswalk(
        "bridge_cip_vintage",
        "cip",
        sql.SQL(
            "select from_cip_vintage as older, to_cip_vintage as newer, from_cip_code as code,"
            " to_cip_code as part from staging.stg_crosswalks__cip_2010_2020"
            " where length(from_cip_code) = 7"
        ),
    ),
    _Crosswalk(
        "bridge_naics_vintage",
        "naics",
        sql.SQL(
            "select from_naics_vintage as older, to_naics_vintage as newer, from_naics_code"
            " as code, to_naics_code as part from staging.stg_crosswalks__naics_2017_2022"
        ),
    ),
)

FACTS = (
    ("fct_lmi_wage", "soc", "vintage_year", sql.SQL("occupation_group = 'detailed'")),
    ("fct_projection", "soc", "base_year", sql.SQL("is_line_item and soc_code not like '%0'")),
    ("fct_completions_agg", "cip", "award_year", sql.SQL("true")),
)
"""Fact, classification, the column that orders its periods, and the rows of the finest level.

The projections' own sums of several occupations have codes that end in 0; no crosswalk has them.
"""


def vintage_checks() -> list[SqlCheck]:
    """Queries over the bridges between vintages and what they are for."""
    return [
        *(_weights(one) for one in CROSSWALKS),
        county_weights(),
        *(compatible(*one) for one in FACTS),
        area_vintages(),
        district_list(),
        county_list(),
    ]


def _weights(crosswalk: _Crosswalk) -> SqlCheck:
    """Older codes that lost a part, or whose shares do not add up; deleted ones have none."""
    query = sql.SQL(
        "with expected as (select older, newer, code, count(distinct part) as parts from"
        " ({staged}) as pairs group by older, newer, code), told as (select {older} as older,"
        " {newer} as newer, {code} as code, count(*) as parts, coalesce(sum(vintage_weight), 0)"
        " as whole, bool_or(vintage_relation = 'deleted') as is_deleted from {bridge}"
        " where {code} is not null group by 1, 2, 3)"
        " select count(*), count(*) filter (where told.parts is distinct from expected.parts"
        " or abs(told.whole - case when told.is_deleted then 0 else 1 end) > {tolerance})"
        " from expected full join told using (older, newer, code)"
    ).format(
        staged=crosswalk.staged,
        older=sql.Identifier(f"from_{crosswalk.stem}_vintage"),
        newer=sql.Identifier(f"to_{crosswalk.stem}_vintage"),
        code=sql.Identifier(f"from_{crosswalk.stem}_code"),
        bridge=sql.Identifier("core", crosswalk.bridge),
        tolerance=sql.Literal(TOLERANCE),
    )
    return SqlCheck("weights_sum_to_one", f"{crosswalk.bridge}.vintage_weight", query)


def weights_of(bridge: str) -> SqlCheck:
    """The check of one bridge between vintages."""
    return next(_weights(one) for one in CROSSWALKS if one.bridge == bridge)


def county_weights() -> SqlCheck:
    """Counties of a vintage that lost an area, or whose shares do not add up."""
    query = sql.SQL(
        "with expected as (select definition.area_vintage, definition.county_fips,"
        " count(distinct definition.area_code) as areas from staging.stg_geo__oews_areas"
        " as definition inner join reference.states as state"
        " on definition.state_fips = state.state_fips group by 1, 2), told as"
        " (select area_vintage, county_fips, count(*) as areas, sum(area_weight) as whole"
        " from core.bridge_county_oews_area group by 1, 2)"
        " select count(*), count(*) filter (where told.areas is distinct from expected.areas"
        " or abs(told.whole - 1) > {tolerance})"
        " from expected full join told using (area_vintage, county_fips)"
    ).format(tolerance=sql.Literal(TOLERANCE))
    return SqlCheck("weights_sum_to_one", "bridge_county_oews_area.area_weight", query)


def compatible(fact: str, stem: str, period: str, finest: sql.SQL) -> SqlCheck:
    """Codes of earlier vintages in a fact, and those that no crosswalk leads to its newest one.

    Without a crosswalk between two vintages nothing of them is compared, and nothing is missed.
    A code that was deleted is in the crosswalk and leads nowhere.
    """
    query = sql.SQL(
        "with told as (select {vintage} as vintage, {code} as code, max({period}) as period"
        " from {fact} where {finest} group by 1, 2), newest as (select vintage from told"
        " order by period desc limit 1), walks as (select {older} as older, {from_code} as code"
        " from {bridge} inner join newest on {newer} = newest.vintage where {to_code} is not null)"
        " select count(*), count(*) filter (where not exists (select from walks"
        " where walks.older = told.vintage and walks.code = told.code)) from told"
        " where told.vintage <> (select vintage from newest)"
        " and exists (select from walks where walks.older = told.vintage)"
    ).format(
        vintage=sql.Identifier(f"{stem}_vintage"),
        code=sql.Identifier(f"{stem}_code"),
        period=sql.Identifier(period),
        fact=sql.Identifier("core", fact),
        finest=finest,
        older=sql.Identifier(f"from_{stem}_vintage"),
        from_code=sql.Identifier(f"from_{stem}_code"),
        newer=sql.Identifier(f"to_{stem}_vintage"),
        to_code=sql.Identifier(f"to_{stem}_code"),
        bridge=sql.Identifier("core", f"bridge_{stem}_vintage"),
    )
    return SqlCheck("vintages_compatible", f"{fact}.{stem}_code", query)


def area_vintages() -> SqlCheck:
    """Areas of published wages that the definitions of the same vintage do not have."""
    query = sql.SQL(
        "select count(*), count(*) filter (where not exists (select from"
        " core.bridge_county_oews_area as defined where defined.area_vintage = told.area_vintage"
        " and defined.area_code = told.area_code)) from (select distinct wage.vintage_year"
        " as area_vintage, wage.area_code from core.fct_lmi_wage as wage"
        " inner join core.dim_area as area on wage.area_code = area.area_code"
        " and wage.area_type_code = area.area_type_code"
        " and wage.vintage_year = area.area_vintage where area.is_in_scope"
        " and wage.area_type_code in ('4', '6')) as told where told.area_vintage in"
        " (select area_vintage from core.bridge_county_oews_area)"
    ).format()
    return SqlCheck("area_vintage_consistent", "fct_lmi_wage", query)


def district_list() -> SqlCheck:
    """Districts whose federal number another one has, or whose agency is another one's."""
    query = sql.SQL(
        "select count(*), count(*) filter (where times > 1 or known.cesa_code <> listed.cesa_code)"
        " from (select *, count(*) over (partition by load_id, leaid) as times"
        " from staging.stg_geo__school_districts) as listed"
        " left join core.dim_organization as known on known.organization_level = 'district'"
        " and known.organization_code = listed.district_code"
    ).format()
    return SqlCheck("geography_lists_agree", "stg_geo__school_districts", query)


def county_list() -> SqlCheck:
    """Counties of the list whose code is not that of the county of their name."""
    query = sql.SQL(
        "select count(*), count(*) filter (where known.county_fips is distinct from"
        " listed.county_fips) from staging.stg_geo__counties as listed left join"
        " reference.counties as known on replace(lower(listed.county_name), 'saint ', 'st. ')"
        " = lower(known.county_name)"
    ).format()
    return SqlCheck("geography_lists_agree", "stg_geo__counties", query)
