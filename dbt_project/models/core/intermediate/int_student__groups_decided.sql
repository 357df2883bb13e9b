with reported as (
    select * from {{ ref('stg_edfi__student_education_organization_associations') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

races as (
    select * from {{ ref('stg_edfi__student_races') }}
),

race_descriptors as (
    select * from {{ ref('race_descriptors') }}
),

sex_descriptors as (
    select * from {{ ref('sex_descriptors') }}
),

-- A student who moved has a record in several organisations: the last one changed speaks.
ranked as (
    select
        student_id_dpi,
        education_organization_id,
        sex,
        is_hispanic,
        has_disability,
        english_proficiency,
        row_number() over (
            partition by student_id_dpi
            order by last_modified_at desc, education_organization_id desc
        ) as place
    from reported
),

demographics as (
    select
        persons.student_key,
        ranked.student_id_dpi,
        ranked.education_organization_id,
        ranked.sex,
        ranked.is_hispanic,
        ranked.has_disability,
        ranked.english_proficiency
    from ranked
    inner join persons
        on ranked.student_id_dpi = persons.student_id_dpi
    where ranked.place = 1
),

reported_races as (
    select
        races.student_id_dpi,
        races.education_organization_id,
        count(distinct race_descriptors.race_ethnicity) as race_count,
        min(race_descriptors.race_ethnicity) as single_race
    from races
    inner join race_descriptors
        on races.race = race_descriptors.descriptor_code
    group by races.student_id_dpi, races.education_organization_id
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
            demographics.student_id_dpi = reported_races.student_id_dpi
            and demographics.education_organization_id = reported_races.education_organization_id
    left join sex_descriptors
        on demographics.sex = sex_descriptors.descriptor_code
)

select * from groups_decided
