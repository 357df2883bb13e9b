with landed as (
    {{ landed('edfi', 'student_education_organization_associations') }}
),

codes as (
    select
        landed.student_unique_id as student_id_dpi,
        landed.education_organization_id,
        {{ after_hash(json_text('element.code', 'studentIdentificationSystemDescriptor')) }}
            as identification_system,
        {{ json_text('element.code', 'identificationCode') }} as identification_code,
        landed.load_id,
        landed.row_number
    from landed
    cross join
        {{ json_elements('landed.student_identification_codes') }} as element (code)
)

select * from codes
