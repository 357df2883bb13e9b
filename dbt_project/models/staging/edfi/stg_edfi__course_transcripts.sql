with landed as (
    {{ landed('edfi', 'course_transcripts') }}
),

transcripts as (
    select
        student_unique_id as student_id_dpi,
        course_code,
        course_education_organization_id,
        academic_record_education_organization_id as education_organization_id,
        school_year,
        attempted_credits,
        earned_credits,
        load_id,
        row_number,
        {{ after_hash('term_descriptor') }} as term,
        {{ after_hash('course_attempt_result_descriptor') }} as course_result,
        {{ after_hash('when_taken_grade_level_descriptor') }} as grade_level_when_taken,
        {{ after_hash('method_credit_earned_descriptor') }} as credit_method
    from landed
)

select * from transcripts
