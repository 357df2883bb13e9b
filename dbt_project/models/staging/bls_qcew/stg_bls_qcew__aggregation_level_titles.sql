with landed as (
    {{ landed('bls_qcew', 'aggregation_level_titles') }}
),

aggregation_level_titles as (
    select
        aggregation_level_code,
        aggregation_level_title,
        load_id,
        row_number
    from landed
)

select * from aggregation_level_titles
