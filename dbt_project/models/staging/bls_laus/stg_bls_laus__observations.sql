with landed as (
    {{ landed('bls_laus', 'observations') }}
),

-- A series is LA, the seasonal adjustment, the area (15) and the measure (2).
observations as (
    select
        series_id,
        calendar_year,
        period_code,
        laus_value,
        laus_value_status,
        load_id,
        row_number,
        substring(series_id, 4, 15) as laus_area_code,
        substring(series_id, 19, 2) as laus_measure_code,
        substring(series_id, 3, 1) = 'S' as is_seasonally_adjusted,
        coalesce(footnote_codes like '%P%', false) as is_preliminary
    from landed
)

select * from observations
