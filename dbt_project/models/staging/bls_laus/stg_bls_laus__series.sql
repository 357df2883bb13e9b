with landed as (
    {{ landed('bls_laus', 'series') }}
),

series as (
    select
        series_id,
        laus_area_code,
        laus_measure_code,
        series_title,
        begin_year,
        begin_period_code,
        end_year,
        end_period_code,
        load_id,
        row_number,
        seasonal_code = 'S' as is_seasonally_adjusted
    from landed
)

select * from series
