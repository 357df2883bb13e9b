with characteristics as (
    select * from {{ ref('stg_edfi__student_characteristics') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

student_groups as (
    select * from {{ ref('int_student__groups_decided') }}
),

-- Only the record that decides the other groups speaks, so that a mover has one answer.
disadvantage_periods as (
    select
        persons.student_key,
        characteristics.begin_date,
        -- One open period keeps the others open.
        case
            when count(characteristics.end_date) = count(*) then max(characteristics.end_date)
        end as end_date
    from characteristics
    inner join persons
        on characteristics.student_id_dpi = persons.student_id_dpi
    inner join student_groups
        on
            persons.student_key = student_groups.student_key
            and characteristics.education_organization_id
            = student_groups.education_organization_id
    where characteristics.characteristic in ('Economic Disadvantaged', 'Economically Disadvantaged')
    group by persons.student_key, characteristics.begin_date
)

select * from disadvantage_periods
