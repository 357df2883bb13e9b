with filtered as (
    select * from {{ ref('int_occupation__programs_filtered') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

counted as (
    select
        reporting_state.state_code,
        filtered.soc_vintage,
        filtered.soc_code,
        filtered.base_year,
        max(case when not filtered.is_education_filtered then filtered.program_count end)
            as program_count,
        max(case when filtered.is_education_filtered then filtered.program_count end)
            as compatible_program_count
    from filtered
    cross join reporting_state
    group by
        reporting_state.state_code,
        filtered.soc_vintage,
        filtered.soc_code,
        filtered.base_year
)

select * from counted
