with landed as (
    {{ landed('bls_qcew', 'industry_titles') }}
),

industry_titles as (
    select
        naics_code,
        industry_title,
        load_id,
        row_number
    from landed
)

select * from industry_titles
