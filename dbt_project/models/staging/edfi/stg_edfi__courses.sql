with landed as (
    {{ landed('edfi', 'courses') }}
),

courses as (
    select
        course_code,
        education_organization_id as course_education_organization_id,
        load_id,
        row_number,
        trim(course_title) as course_title,
        {{ after_hash('career_pathway_descriptor') }} as career_pathway
    from landed
)

select * from courses
