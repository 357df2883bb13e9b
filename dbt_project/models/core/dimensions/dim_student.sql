with students as (
    select * from {{ ref('stg_edfi__students') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

student_groups as (
    select * from {{ ref('int_student__groups_decided') }}
),

students_by_key as (
    select
        persons.student_key,
        cast(floor(extract(year from students.birth_date) / 5) * 5 as integer) as birth_year_band,
        coalesce(student_groups.sex, 'Unknown') as sex,
        coalesce(student_groups.race_ethnicity, 'Unknown') as race_ethnicity,
        coalesce(student_groups.disability_status, 'Unknown') as disability_status,
        coalesce(student_groups.english_learner_status, 'Unknown') as english_learner_status,
        student_groups.student_key is not null as has_demographic_record
    from students
    inner join persons
        on students.student_id_dpi = persons.student_id_dpi
    left join student_groups
        on persons.student_key = student_groups.student_key
)

select * from students_by_key
