with landed as (
    {{ landed('bls_qcew', 'size_titles') }}
),

size_titles as (
    select
        size_class_code,
        size_class_title,
        load_id,
        row_number
    from landed
)

select * from size_titles
