with student_years as (
    select * from {{ ref('fct_student_year') }}
),

course_outcomes as (
    select * from {{ ref('fct_course_outcome') }}
),

grade_levels as (
    select * from {{ ref('grade_levels') }}
),

rules as (
    select * from {{ ref('cte_concentrator_rules') }}
),

high_school_years as (
    select
        student_years.student_key,
        student_years.school_year,
        grade_levels.grade_order
    from student_years
    inner join grade_levels
        on student_years.grade_level = grade_levels.grade_level
    where student_years.grade_band = '9-12'
),

courses_in_year as (
    select
        course_outcomes.student_key,
        course_outcomes.school_year,
        course_outcomes.pathway_code,
        sum(case when course_outcomes.is_passed then 1 else 0 end) as passed_courses_in_year,
        sum(case when not course_outcomes.is_passed then 1 else 0 end) as continuing_courses,
        count(*) as taken_courses_in_year
    from course_outcomes
    inner join high_school_years
        on
            course_outcomes.student_key = high_school_years.student_key
            and course_outcomes.school_year = high_school_years.school_year
    where course_outcomes.pathway_code is not null
    group by
        course_outcomes.student_key,
        course_outcomes.school_year,
        course_outcomes.pathway_code
),

first_years as (
    select
        student_key,
        pathway_code,
        min(school_year) as first_school_year
    from courses_in_year
    group by student_key, pathway_code
),

-- From the first course of a cluster on, every high-school year has a row: a concentrator stays.
courses_to_date as (
    select
        high_school_years.student_key,
        high_school_years.school_year,
        high_school_years.grade_order,
        first_years.pathway_code,
        coalesce(courses_in_year.passed_courses_in_year, 0) as passed_courses_in_year,
        coalesce(courses_in_year.taken_courses_in_year, 0) as taken_courses_in_year,
        coalesce(courses_in_year.continuing_courses, 0) as continuing_courses,
        sum(coalesce(courses_in_year.passed_courses_in_year, 0)) over (
            partition by high_school_years.student_key, first_years.pathway_code
            order by high_school_years.school_year
            rows between unbounded preceding and current row
        ) as passed_courses_to_date
    from high_school_years
    inner join first_years
        on
            high_school_years.student_key = first_years.student_key
            and high_school_years.school_year >= first_years.first_school_year
    left join courses_in_year
        on
            high_school_years.student_key = courses_in_year.student_key
            and high_school_years.school_year = courses_in_year.school_year
            and first_years.pathway_code = courses_in_year.pathway_code
),

-- What the rule of the year says of that year alone: a continuing course ends with it.
judged_years as (
    select
        courses_to_date.student_key,
        courses_to_date.school_year,
        courses_to_date.pathway_code,
        rules.rule_version as cte_rule_version,
        courses_to_date.passed_courses_in_year,
        courses_to_date.taken_courses_in_year,
        courses_to_date.continuing_courses,
        courses_to_date.passed_courses_to_date,
        case
            when rules.participant_needs_pass then courses_to_date.passed_courses_in_year >= 1
            else courses_to_date.taken_courses_in_year >= 1
        end as is_participant,
        case
            when
                courses_to_date.grade_order >= rules.minimum_grade
                and (
                    courses_to_date.passed_courses_to_date >= rules.passed_courses
                    or (
                        courses_to_date.continuing_courses >= 1
                        and courses_to_date.passed_courses_to_date
                        >= rules.passed_courses_when_continuing
                    )
                )
                then 1
            else 0
        end as concentrator_count
    from courses_to_date
    inner join rules
        on
            courses_to_date.school_year >= rules.first_school_year
            and courses_to_date.school_year <= rules.last_school_year
),

-- Ever by June 30: once a concentrator under the rule of its year, always one.
cte_statuses as (
    select
        student_key,
        school_year,
        pathway_code,
        cte_rule_version,
        cast(passed_courses_in_year as integer) as passed_courses_in_year,
        cast(taken_courses_in_year as integer) as taken_courses_in_year,
        cast(continuing_courses as integer) as continuing_courses,
        cast(passed_courses_to_date as integer) as passed_courses_to_date,
        is_participant,
        max(concentrator_count) over (
            partition by student_key, pathway_code
            order by school_year
            rows between unbounded preceding and current row
        ) = 1 as is_concentrator
    from judged_years
)

select * from cte_statuses
