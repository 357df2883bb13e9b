with transcripts as (
    select * from {{ ref('stg_edfi__course_transcripts') }}
),

section_enrollments as (
    select * from {{ ref('stg_edfi__student_section_associations') }}
),

offerings as (
    select * from {{ ref('stg_edfi__course_offerings') }}
),

courses as (
    select * from {{ ref('stg_edfi__courses') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

course_results as (
    select * from {{ ref('course_results') }}
),

career_clusters as (
    select * from {{ ref('career_clusters') }}
),

results as (
    select
        transcripts.student_id_dpi,
        transcripts.school_year,
        transcripts.course_education_organization_id,
        transcripts.course_code,
        transcripts.attempted_credits,
        transcripts.earned_credits,
        1 as result_count,
        case when course_results.is_passed then 1 else 0 end as passed_count,
        case when transcripts.credit_method like 'Dual%' then 1 else 0 end as dual_credit_count
    from transcripts
    left join course_results
        on transcripts.course_result = course_results.descriptor_code
),

enrolled_sections as (
    select
        section_enrollments.student_id_dpi,
        section_enrollments.school_year,
        offerings.course_education_organization_id,
        offerings.course_code,
        cast(null as numeric(9, 3)) as attempted_credits,
        cast(null as numeric(9, 3)) as earned_credits,
        0 as result_count,
        0 as passed_count,
        case when section_enrollments.is_dual_credit then 1 else 0 end as dual_credit_count
    from section_enrollments
    inner join offerings
        on
            section_enrollments.local_course_code = offerings.local_course_code
            and section_enrollments.school_id = offerings.school_id
            and section_enrollments.school_year = offerings.school_year
            and section_enrollments.session_name = offerings.session_name
),

attempts as (
    select * from results
    union all
    select * from enrolled_sections
),

-- A course taken in two terms of a year is one course; taken again in another year, a second one.
course_years as (
    select
        student_id_dpi,
        school_year,
        course_education_organization_id,
        course_code,
        sum(attempted_credits) as attempted_credits,
        sum(earned_credits) as earned_credits,
        max(passed_count) = 1 as is_passed,
        max(result_count) = 0 as is_in_progress,
        max(dual_credit_count) = 1 as is_dual_credit
    from attempts
    group by student_id_dpi, school_year, course_education_organization_id, course_code
),

course_outcomes as (
    select
        persons.student_key,
        course_years.school_year,
        course_years.course_education_organization_id,
        course_years.course_code,
        career_clusters.pathway_code,
        course_years.is_passed,
        course_years.is_in_progress,
        course_years.is_dual_credit,
        cast(course_years.attempted_credits as numeric(9, 3)) as attempted_credits,
        cast(course_years.earned_credits as numeric(9, 3)) as earned_credits,
        courses.career_pathway is not null as is_cte_course
    from course_years
    inner join persons
        on course_years.student_id_dpi = persons.student_id_dpi
    left join courses
        on
            course_years.course_code = courses.course_code
            and course_years.course_education_organization_id
            = courses.course_education_organization_id
    left join career_clusters
        on courses.career_pathway = career_clusters.descriptor_code
)

select * from course_outcomes
