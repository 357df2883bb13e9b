with landed as (
    {{ landed('edfi', 'student_section_associations') }}
),

section_enrollments as (
    select
        student_unique_id as student_id_dpi,
        section_identifier,
        local_course_code,
        school_id,
        school_year,
        session_name,
        begin_date,
        end_date,
        load_id,
        row_number,
        coalesce(dual_credit_indicator, false) as is_dual_credit
    from landed
)

select * from section_enrollments
