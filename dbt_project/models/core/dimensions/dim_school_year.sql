with school_years as (
    select * from {{ ref('school_years') }}
),

enrollments as (
    select * from {{ ref('stg_edfi__student_school_associations') }}
),

enrolled_years as (
    select
        school_year,
        count(*) as enrollment_count
    from enrollments
    group by school_year
),

school_years_with_use as (
    select
        school_years.school_year,
        school_years.school_year_name,
        school_years.first_date,
        school_years.last_date,
        enrolled_years.school_year is not null as has_enrollment
    from school_years
    left join enrolled_years
        on school_years.school_year = enrolled_years.school_year
)

select * from school_years_with_use
