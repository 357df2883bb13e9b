with payrolls as (
    select * from {{ ref('fct_ces') }}
),

industries as (
    select * from {{ ref('dim_ces_industry') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

-- What is known now: the versions that nothing has replaced.
employment_by_month as (
    select
        payrolls.area_type,
        payrolls.area_code,
        areas.area_name,
        payrolls.ces_industry_code,
        industries.ces_industry_name,
        industries.supersector_code,
        industries.naics_code,
        payrolls.is_seasonally_adjusted,
        payrolls.nonfarm_job_count,
        payrolls.nonfarm_job_count_status,
        payrolls.is_preliminary,
        payrolls.recorded_from,
        case when payrolls.period_code = 'M13' then 'year' else 'month' end as period_type,
        {{ first_day_of_period('payrolls.calendar_year', 'payrolls.period_code') }} as period_date,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        payrolls.is_preliminary as is_provisional,
        cast(null as text) as break_reason,
        true as is_comparable_to_prior,
        false as is_additive,
        'jobs on nonfarm payrolls; the table has no shares' as denominator_definition
    from payrolls
    inner join industries
        on payrolls.ces_industry_code = industries.ces_industry_code
    inner join areas
        on payrolls.area_type = areas.area_type and payrolls.area_code = areas.area_code
    cross join snapshot
    where payrolls.recorded_to is null
)

select * from employment_by_month
