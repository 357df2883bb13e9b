with projections as (
    select * from {{ ref('fct_projection') }}
),

pairs as (
    select * from {{ ref('bridge_cip_soc') }}
),

soc_pairs as (
    select * from {{ ref('bridge_soc_vintage') }}
),

supply as (
    select * from {{ ref('int_supply__completers_averaged') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

-- What is known now, from the publication that speaks for the area; occupations that add up.
openings as (
    select
        projections.area_type,
        projections.area_code,
        projections.soc_code,
        projections.horizon,
        projections.base_year,
        projections.projected_year,
        projections.soc_vintage,
        projections.recorded_from,
        projections.openings_count,
        projections.openings_count_status,
        projections.demand_new_count,
        projections.demand_new_count_status
    from projections
    left join reporting_state
        on projections.area_code = reporting_state.state_fips
    where
        projections.recorded_to is null
        and projections.is_preferred
        and projections.is_line_item
        and projections.area_type != 'nation'
        and (projections.area_type != 'state' or reporting_state.state_fips is not null)
),

occupations as (
    select
        soc_vintage,
        soc_code
    from openings
    group by soc_vintage, soc_code
),

-- Some line items of the national matrix are aggregates of the wage survey, whose hybrid codes tell
-- what they are made of.
aggregates as (
    select
        from_soc_code as soc_code,
        to_soc_vintage as soc_vintage,
        to_soc_code as part_soc_code
    from soc_pairs
    where from_soc_vintage = 'hybrid'
),

-- A line item of the national matrix may be a broad occupation: it has the programs of its parts.
paired_occupations as (
    select
        occupations.soc_vintage,
        occupations.soc_code,
        pairs.cip_vintage,
        pairs.cip_code,
        1 as way
    from occupations
    inner join pairs
        on
            occupations.soc_vintage = pairs.soc_vintage
            and not pairs.is_unmatched
            and (
                occupations.soc_code = pairs.soc_code
                or (
                    occupations.soc_code like '%0'
                    and substring(occupations.soc_code, 1, 6) = substring(pairs.soc_code, 1, 6)
                )
            )
    union all
    select
        occupations.soc_vintage,
        occupations.soc_code,
        pairs.cip_vintage,
        pairs.cip_code,
        2 as way
    from occupations
    inner join aggregates
        on
            occupations.soc_vintage = aggregates.soc_vintage
            and occupations.soc_code = aggregates.soc_code
    inner join pairs
        on
            aggregates.soc_vintage = pairs.soc_vintage
            and aggregates.part_soc_code = pairs.soc_code
            and not pairs.is_unmatched
),

nearest_pairs as (
    select
        *,
        min(way) over (partition by soc_vintage, soc_code) as nearest_way
    from paired_occupations
),

matched as (
    select
        soc_vintage,
        soc_code,
        cip_vintage,
        cip_code
    from nearest_pairs
    where way = nearest_way
    group by soc_vintage, soc_code, cip_vintage, cip_code
),

-- Openings of an occupation without a program are reported, under the publisher's own code.
programs as (
    select
        occupations.soc_vintage,
        occupations.soc_code,
        cast(
            count(*) over (partition by occupations.soc_vintage, occupations.soc_code) as integer
        ) as program_count,
        coalesce(matched.cip_vintage, 'none') as cip_vintage,
        coalesce(matched.cip_code, '99.9999') as cip_code,
        matched.cip_code is null as is_unmatched
    from occupations
    left join matched
        on
            occupations.soc_vintage = matched.soc_vintage
            and occupations.soc_code = matched.soc_code
),

paired as (
    select
        openings.area_type,
        openings.area_code,
        openings.soc_code,
        openings.horizon,
        openings.base_year,
        openings.projected_year,
        programs.cip_vintage,
        programs.cip_code,
        openings.soc_vintage,
        openings.recorded_from,
        openings.openings_count,
        openings.openings_count_status,
        openings.demand_new_count,
        openings.demand_new_count_status,
        programs.is_unmatched,
        programs.program_count,
        cast(coalesce(supply.supply_count, 0) as numeric(14, 4)) as supply_count
    from openings
    inner join programs
        on
            openings.soc_vintage = programs.soc_vintage
            and openings.soc_code = programs.soc_code
    left join supply
        on
            programs.cip_vintage = supply.cip_vintage
            and programs.cip_code = supply.cip_code
)

select * from paired
