with landed as (
    {{ landed('bls_api', 'observations') }}
),

observations as (
    select
        series_id,
        calendar_year,
        period_code,
        series_value,
        series_value_status,
        footnote_texts,
        load_id,
        row_number,
        coalesce(footnote_codes like '%P%', false) as is_preliminary
    from landed
)

select * from observations
