with landed as (
    {{ landed('bls_qcew', 'area_titles') }}
),

area_titles as (
    select
        area_fips,
        area_title,
        load_id,
        row_number
    from landed
)

select * from area_titles
