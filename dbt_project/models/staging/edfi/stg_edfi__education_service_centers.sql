with landed as (
    {{ landed('edfi', 'education_service_centers') }}
),

service_centers as (
    select
        education_service_center_id,
        -- The state numbers its service agencies 1 to 12; hosts put a prefix before the number.
        'CESA' || {{ zero_padded('education_service_center_id % 100', 2) }} as cesa_code,
        trim(institution_name) as organization_name,
        load_id,
        row_number
    from landed
)

select * from service_centers
