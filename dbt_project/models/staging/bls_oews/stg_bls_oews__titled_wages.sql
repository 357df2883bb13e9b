with landed as (
    {{ landed('bls_oews', 'titled_wages') }}
),

titled_wages as (
    select
        vintage_year,
        area_title,
        occupation_title as soc_title,
        employment_count,
        employment_count_status,
        annual_median_wage_usd,
        annual_median_wage_usd_status,
        load_id,
        row_number
    from landed
)

select * from titled_wages
