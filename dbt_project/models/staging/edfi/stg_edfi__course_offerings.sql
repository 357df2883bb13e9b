with landed as (
    {{ landed('edfi', 'course_offerings') }}
),

offerings as (
    select
        local_course_code,
        school_id,
        school_year,
        session_name,
        course_code,
        course_education_organization_id,
        load_id,
        row_number
    from landed
)

select * from offerings
