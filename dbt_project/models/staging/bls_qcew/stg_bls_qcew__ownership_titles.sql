with landed as (
    {{ landed('bls_qcew', 'ownership_titles') }}
),

ownership_titles as (
    select
        ownership_code,
        ownership_title,
        load_id,
        row_number
    from landed
)

select * from ownership_titles
