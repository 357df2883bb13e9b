with landed as (
    {{ landed('geo', 'school_districts') }}
),

school_districts_rows as (
    select
        district_code,
        leaid,
        display_name as organization_name,
        load_id,
        row_number,
        'CESA' || {{ zero_padded('cesa_number', 2) }} as cesa_code
    from landed
)

select * from school_districts_rows
