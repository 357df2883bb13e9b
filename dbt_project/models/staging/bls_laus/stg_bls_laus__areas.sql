with landed as (
    {{ landed('bls_laus', 'areas') }}
),

areas as (
    select
        laus_area_code,
        laus_area_type_code,
        area_title,
        load_id,
        row_number
    from landed
)

select * from areas
