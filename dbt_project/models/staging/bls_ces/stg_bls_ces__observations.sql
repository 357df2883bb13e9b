with landed as (
    {{ landed('bls_ces', 'observations') }}
),

-- A series is SM, the seasonal adjustment, state (2), area (5), industry (8) and measure (2).
observations as (
    select
        series_id,
        calendar_year,
        period_code,
        jobs_thousands,
        jobs_thousands_status,
        load_id,
        row_number,
        substring(series_id, 4, 2) as state_fips,
        substring(series_id, 11, 8) as ces_industry_code,
        substring(series_id, 3, 1) = 'S' as is_seasonally_adjusted,
        coalesce(footnote_codes like '%P%', false) as is_preliminary
    from landed
)

select * from observations
