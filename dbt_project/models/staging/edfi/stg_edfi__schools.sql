with landed as (
    {{ landed('edfi', 'schools') }}
),

schools as (
    select
        school_id,
        -- school_id is district code times 10,000 plus school code.
        coalesce(local_education_agency_id, school_id / 10000) as local_education_agency_id,
        {{ zero_padded('school_id % 10000', 4) }} as school_code,
        trim(institution_name) as organization_name,
        {{ after_hash('operational_status_descriptor') }} as operational_status,
        load_id,
        row_number
    from landed
)

select * from schools
