with landed as (
    {{ landed('edfi', 'student_education_organization_associations') }}
),

demographics as (
    select
        student_unique_id as student_id_dpi,
        education_organization_id,
        {{ after_hash('sex_descriptor') }} as sex,
        hispanic_latino_ethnicity as is_hispanic,
        {{ json_length('disabilities') }} > 0 as has_disability,
        {{ after_hash('limited_english_proficiency_descriptor') }} as english_proficiency,
        last_modified_at,
        load_id,
        row_number
    from landed
)

select * from demographics
