with spans as (
    select * from {{ ref('fct_enrollment_span') }}
),

students as (
    select * from {{ ref('dim_student') }}
),

school_years as (
    select * from {{ ref('dim_school_year') }}
),

grade_levels as (
    select * from {{ ref('grade_levels') }}
),

disadvantages as (
    select * from {{ ref('int_student__disadvantage_periods') }}
),

disadvantaged_years as (
    select
        disadvantages.student_key,
        school_years.school_year
    from disadvantages
    inner join school_years
        on
            coalesce(disadvantages.begin_date, school_years.last_date) <= school_years.last_date
            and coalesce(disadvantages.end_date, school_years.first_date) >= school_years.first_date
    group by disadvantages.student_key, school_years.school_year
),

student_years as (
    select
        spans.student_key,
        spans.school_year,
        spans.organization_code,
        spans.grade_level,
        grade_levels.grade_band,
        students.sex,
        students.race_ethnicity,
        students.disability_status,
        students.english_learner_status,
        case
            when disadvantaged_years.student_key is not null then 'Economically Disadvantaged'
            when students.has_demographic_record then 'Not Economically Disadvantaged'
            else 'Unknown'
        end as economic_status
    from spans
    inner join students
        on spans.student_key = students.student_key
    inner join grade_levels
        on spans.grade_level = grade_levels.grade_level
    left join disadvantaged_years
        on
            spans.student_key = disadvantaged_years.student_key
            and spans.school_year = disadvantaged_years.school_year
    where spans.is_accountable
)

select * from student_years
