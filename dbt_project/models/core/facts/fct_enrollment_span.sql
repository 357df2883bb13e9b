with enrollments as (
    select * from {{ ref('stg_edfi__student_school_associations') }}
),

schools as (
    select * from {{ ref('stg_edfi__schools') }}
),

persons as (
    select * from {{ source('identity', 'person') }}
),

school_years as (
    select * from {{ ref('school_years') }}
),

grade_level_descriptors as (
    select * from {{ ref('grade_level_descriptors') }}
),

exit_types as (
    select * from {{ ref('exit_types') }}
),

spans as (
    select
        persons.student_key,
        {{ zero_padded('schools.local_education_agency_id', 4) }} || '-' || schools.school_code
            as organization_code,
        enrollments.school_year,
        enrollments.entry_date,
        coalesce(enrollments.exit_date, school_years.last_date) as exit_date,
        coalesce(grade_level_descriptors.grade_level, 'UN') as grade_level,
        case
            when enrollments.exit_reason is not null then coalesce(exit_types.exit_type, 'other')
        end as exit_type,
        enrollments.exit_date is null as is_open_ended,
        enrollments.is_primary_school
    from enrollments
    inner join persons
        on enrollments.student_id_dpi = persons.student_id_dpi
    inner join schools
        on enrollments.school_id = schools.school_id
    inner join school_years
        on enrollments.school_year = school_years.school_year
    left join grade_level_descriptors
        on enrollments.entry_grade_level = grade_level_descriptors.descriptor_code
    left join exit_types
        on enrollments.exit_reason = exit_types.descriptor_code
),

measured_spans as (
    select
        student_key,
        organization_code,
        school_year,
        entry_date,
        exit_date,
        grade_level,
        exit_type,
        is_open_ended,
        is_primary_school,
        {{ days_between('entry_date', 'exit_date') }} + 1 as enrolled_days,
        coalesce(exit_type, '') not in ('no_show', 'invalid') as is_member
    from spans
),

-- One accountable school a year, so that every student counts once at every level.
ranked_spans as (
    select
        student_key,
        organization_code,
        school_year,
        entry_date,
        exit_date,
        grade_level,
        exit_type,
        is_open_ended,
        is_primary_school,
        enrolled_days,
        is_member,
        row_number() over (
            partition by student_key, school_year
            order by
                is_member desc,
                is_primary_school desc,
                enrolled_days desc,
                entry_date desc,
                organization_code asc
        ) as place
    from measured_spans
),

enrollment_spans as (
    select
        {{ surrogate_key(['student_key', 'organization_code', 'entry_date']) }}
            as enrollment_span_key,
        student_key,
        organization_code,
        school_year,
        entry_date,
        exit_date,
        grade_level,
        exit_type,
        enrolled_days,
        is_open_ended,
        is_primary_school,
        is_member,
        is_member and place = 1 as is_accountable
    from ranked_spans
)

select * from enrollment_spans
