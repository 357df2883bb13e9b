with landed as (
    {{ landed('edfi', 'student_cte_program_associations') }}
),

cte_programs as (
    select
        student_unique_id as student_id_dpi,
        education_organization_id,
        program_education_organization_id,
        program_name,
        begin_date,
        end_date,
        load_id,
        row_number,
        {{ after_hash('program_type_descriptor') }} as program_type,
        coalesce(non_traditional_gender_status, false) as is_nontraditional
    from landed
)

select * from cte_programs
