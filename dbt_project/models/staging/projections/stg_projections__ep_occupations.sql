with landed as (
    {{ landed('projections', 'ep_occupations') }}
),

-- A period is written 2024, a dash, 34 or 2034.
ep_occupations as (
    select
        soc_code,
        soc_title,
        projection_period,
        occupation_type,
        base_employment_thousands,
        base_employment_thousands_status,
        projected_employment_thousands,
        projected_employment_thousands_status,
        base_employment_share_pct,
        base_employment_share_pct_status,
        projected_employment_share_pct,
        projected_employment_share_pct_status,
        employment_change_thousands,
        employment_change_thousands_status,
        employment_change_pct,
        employment_change_pct_status,
        self_employed_pct,
        self_employed_pct_status,
        openings_thousands,
        openings_thousands_status,
        annual_median_wage_usd,
        annual_median_wage_usd_status,
        entry_education,
        entry_education_status,
        work_experience,
        work_experience_status,
        on_the_job_training,
        on_the_job_training_status,
        load_id,
        row_number,
        cast(substring(projection_period, 1, 4) as integer) as base_year,
        cast(
            substring(projection_period, 1, 2)
            || substring(projection_period, length(projection_period) - 1, 2) as integer
        ) as projected_year
    from landed
)

select * from ep_occupations
