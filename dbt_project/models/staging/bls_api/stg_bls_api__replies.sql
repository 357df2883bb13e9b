with landed as (
    {{ landed('bls_api', 'replies') }}
),

replies as (
    select
        call_number,
        reply_status,
        reply_messages,
        series_count,
        asked_first_year,
        asked_last_year,
        load_id,
        row_number
    from landed
)

select * from replies
