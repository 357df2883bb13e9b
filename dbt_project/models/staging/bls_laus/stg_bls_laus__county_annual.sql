with landed as (
    {{ landed('bls_laus', 'county_annual') }}
),

county_years as (
    select
        laus_area_code,
        calendar_year,
        state_fips,
        released_date,
        labor_force_count,
        labor_force_count_status,
        employed_count,
        employed_count_status,
        unemployed_count,
        unemployed_count_status,
        unemployment_rate_pct,
        unemployment_rate_pct_status,
        load_id,
        row_number,
        state_fips || county_code as county_fips
    from landed
)

select * from county_years
