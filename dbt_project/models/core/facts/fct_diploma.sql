with diplomas as (
    select * from {{ ref('stg_edfi__student_diplomas') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

schools as (
    select * from {{ ref('stg_edfi__schools') }}
),

diploma_types as (
    select * from {{ ref('diploma_types') }}
),

student_years as (
    select * from {{ ref('fct_student_year') }}
),

rules as (
    select * from {{ ref('transition_rules') }}
),

-- A class ends on August 31 and the next begins on July 1: the record's school year decides
-- between them, and the date alone where the record's year does not fit it.
classed_diplomas as (
    select
        persons.student_key,
        diplomas.education_organization_id,
        diplomas.diploma_date,
        diploma_types.diploma_type,
        diploma_types.is_regular_diploma,
        diploma_types.is_completion,
        case
            when
                diplomas.diploma_date >= {{ date_in_year(
                    'diplomas.school_year - 1', 'rules.class_first_month', 'rules.class_first_day'
                ) }}
                and diplomas.diploma_date <= {{ date_in_year(
                    'diplomas.school_year', 'rules.class_last_month', 'rules.class_last_day'
                ) }}
                then diplomas.school_year
            else {{ school_year_of('diplomas.diploma_date') }}
        end as diploma_class
    from diplomas
    inner join persons
        on diplomas.student_id_dpi = persons.student_id_dpi
    inner join diploma_types
        on diplomas.diploma_name = diploma_types.descriptor_code
    inner join rules
        on
            diplomas.school_year >= rules.first_diploma_class
            and diplomas.school_year <= rules.last_diploma_class
    where diploma_types.is_completion
),

-- A regular diploma counts before any other, the first one before a later one.
ranked_diplomas as (
    select
        *,
        row_number() over (
            partition by student_key
            order by is_regular_diploma desc, diploma_date asc, education_organization_id asc
        ) as place
    from classed_diplomas
),

first_diplomas as (
    select
        ranked_diplomas.student_key,
        ranked_diplomas.diploma_class,
        ranked_diplomas.diploma_date,
        ranked_diplomas.diploma_type,
        ranked_diplomas.is_regular_diploma,
        -- The accountable school of the class year; the school of the record where there is none.
        coalesce(
            student_years.organization_code,
            {{ zero_padded('schools.local_education_agency_id', 4) }} || '-' || schools.school_code
        ) as organization_code
    from ranked_diplomas
    left join student_years
        on
            ranked_diplomas.student_key = student_years.student_key
            and ranked_diplomas.diploma_class = student_years.school_year
    left join schools
        on ranked_diplomas.education_organization_id = schools.school_id
    where ranked_diplomas.place = 1
),

placed_diplomas as (
    select * from first_diplomas
    where organization_code is not null
)

select * from placed_diplomas
