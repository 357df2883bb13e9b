with reported as (
    select * from {{ ref('stg_edfi__student_education_organization_associations') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

-- A student who moved has a record in several organisations: the last one changed speaks.
ranked as (
    select
        persons.student_key,
        reported.education_organization_id,
        reported.sex,
        reported.is_hispanic,
        reported.has_disability,
        reported.english_proficiency,
        row_number() over (
            partition by persons.student_key
            order by reported.last_modified_at desc, reported.education_organization_id desc
        ) as place
    from reported
    inner join persons
        on reported.student_id_dpi = persons.student_id_dpi
),

chosen as (
    select
        student_key,
        education_organization_id,
        sex,
        is_hispanic,
        has_disability,
        english_proficiency
    from ranked
    where place = 1
)

select * from chosen
