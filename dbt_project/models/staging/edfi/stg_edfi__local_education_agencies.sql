with landed as (
    {{ landed('edfi', 'local_education_agencies') }}
),

districts as (
    select
        local_education_agency_id,
        {{ zero_padded('local_education_agency_id', 4) }} as district_code,
        education_service_center_id,
        trim(institution_name) as organization_name,
        {{ after_hash('category_descriptor') }} as agency_category,
        {{ after_hash('operational_status_descriptor') }} as operational_status,
        load_id,
        row_number
    from landed
)

select * from districts
