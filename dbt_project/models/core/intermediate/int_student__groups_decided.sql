with demographics as (
    select * from {{ ref('int_student__demographics_chosen') }}
),

races as (
    select * from {{ ref('stg_edfi__student_races') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

race_descriptors as (
    select * from {{ ref('race_descriptors') }}
),

sex_descriptors as (
    select * from {{ ref('sex_descriptors') }}
),

reported_races as (
    select
        persons.student_key,
        races.education_organization_id,
        count(distinct race_descriptors.race_ethnicity) as race_count,
        min(race_descriptors.race_ethnicity) as single_race
    from races
    inner join persons
        on races.student_id_dpi = persons.student_id_dpi
    inner join race_descriptors
        on
            races.race = race_descriptors.descriptor_code
            and race_descriptors.race_ethnicity != 'Unknown'
    group by persons.student_key, races.education_organization_id
),

groups_decided as (
    select
        demographics.student_key,
        demographics.education_organization_id,
        coalesce(sex_descriptors.sex, 'Unknown') as sex,
        -- Hispanic wins; else the single race; else Two or More (state rule since 2010-11).
        case
            when demographics.is_hispanic then 'Hispanic'
            when reported_races.race_count > 1 then 'Two or More'
            when reported_races.race_count = 1 then reported_races.single_race
            else 'Unknown'
        end as race_ethnicity,
        case
            when demographics.has_disability then 'Students with Disabilities'
            else 'Students without Disabilities'
        end as disability_status,
        case
            when demographics.english_proficiency is null then 'Unknown'
            when demographics.english_proficiency like 'Limited%' then 'English Learner'
            else 'Not English Learner'
        end as english_learner_status
    from demographics
    left join reported_races
        on
            demographics.student_key = reported_races.student_key
            and demographics.education_organization_id = reported_races.education_organization_id
    left join sex_descriptors
        on demographics.sex = sex_descriptors.descriptor_code
)

select * from groups_decided
