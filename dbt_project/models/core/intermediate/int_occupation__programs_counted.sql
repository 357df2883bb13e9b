with filtered as (
    select * from {{ ref('int_occupation__programs_filtered') }}
),

matched as (
    select * from {{ ref('int_occupation__programs_matched') }}
),

awards as (
    select * from {{ ref('int_supply__awards_counted') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

-- Without a crosswalk nobody knows a program, without completions nobody the level of one.
matched_vintages as (
    select
        matched.soc_vintage,
        max(case when awards.cip_code is not null then 1 else 0 end) as has_awards
    from matched
    left join awards
        on matched.cip_vintage = awards.cip_vintage and matched.cip_code = awards.cip_code
    group by matched.soc_vintage
),

counted as (
    select
        reporting_state.state_code,
        filtered.soc_vintage,
        filtered.soc_code,
        filtered.base_year,
        max(
            case
                when matched_vintages.soc_vintage is not null and not filtered.is_education_filtered
                    then filtered.program_count
            end
        ) as program_count,
        max(
            case
                when
                    filtered.is_education_filtered
                    and (
                        matched_vintages.has_awards = 1
                        or (matched_vintages.has_awards = 0 and filtered.program_count = 0)
                    )
                    then filtered.program_count
            end
        ) as compatible_program_count
    from filtered
    cross join reporting_state
    left join matched_vintages
        on filtered.soc_vintage = matched_vintages.soc_vintage
    group by
        reporting_state.state_code,
        filtered.soc_vintage,
        filtered.soc_code,
        filtered.base_year
),

counted_with_status as (
    select
        *,
        case when program_count is null then 'missing' else 'reported' end as program_count_status,
        case when compatible_program_count is null then 'missing' else 'reported' end
            as compatible_program_count_status
    from counted
)

select * from counted_with_status
