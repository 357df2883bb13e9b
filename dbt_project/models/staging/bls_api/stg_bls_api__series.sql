with landed as (
    {{ landed('bls_api', 'series') }}
),

series as (
    select
        series_id,
        series_state,
        series_message,
        load_id,
        row_number
    from landed
)

select * from series
