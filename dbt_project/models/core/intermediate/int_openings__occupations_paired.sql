with projections as (
    select * from {{ ref('fct_projection') }}
),

programs as (
    select * from {{ ref('int_occupation__programs_filtered') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

-- What is known now, from the publication that speaks for the area; occupations that add up.
paired as (
    select
        projections.area_type,
        projections.area_code,
        projections.soc_code,
        projections.horizon,
        projections.base_year,
        projections.projected_year,
        programs.cip_vintage,
        programs.cip_code,
        programs.is_education_filtered,
        projections.soc_vintage,
        projections.recorded_from,
        projections.openings_count,
        projections.openings_count_status,
        projections.demand_new_count,
        projections.demand_new_count_status,
        programs.is_unmatched,
        programs.program_count,
        programs.supply_count
    from projections
    inner join programs
        on
            projections.soc_vintage = programs.soc_vintage
            and projections.soc_code = programs.soc_code
            and projections.base_year = programs.base_year
    left join reporting_state
        on projections.area_code = reporting_state.state_fips
    where
        projections.recorded_to is null
        and projections.is_preferred
        and projections.is_line_item
        and projections.area_type != 'nation'
        and (projections.area_type != 'state' or reporting_state.state_fips is not null)
)

select * from paired
