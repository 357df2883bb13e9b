with landed as (
    {{ landed('edfi', 'student_academic_records') }}
),

diplomas as (
    select
        landed.student_unique_id as student_id_dpi,
        landed.education_organization_id,
        landed.school_year,
        landed.load_id,
        landed.row_number,
        cast({{ json_text('element.diploma', 'diplomaAwardDate') }} as date) as diploma_date,
        {{ after_hash(json_text('element.diploma', 'diplomaTypeDescriptor')) }} as diploma_name
    from landed
    cross join {{ json_elements('landed.diplomas') }} as element (diploma)
)

select * from diplomas
