with terms as (
    select * from {{ ref('stg_nsc__enrollments') }}
),

links as (
    select * from {{ source('identity', 'nsc_link') }}
),

enrollment_statuses as (
    select * from {{ ref('nsc_enrollment_statuses') }}
),

-- Returns repeat what earlier ones said: the newest one speaks for a term.
ranked_terms as (
    select
        links.student_key,
        terms.college_code,
        terms.enrollment_begin_date,
        terms.enrollment_end_date,
        terms.enrollment_status,
        terms.class_level,
        terms.college_name,
        terms.college_state,
        terms.institution_level,
        terms.institution_control,
        row_number() over (
            partition by
                links.student_key,
                terms.college_code,
                terms.enrollment_begin_date,
                terms.enrollment_end_date
            order by terms.load_id desc, terms.row_number asc
        ) as place
    from terms
    inner join links
        on terms.nsc_return_id = links.nsc_return_id
),

ps_enrollments as (
    select
        {{ surrogate_key([
            'ranked_terms.student_key', 'ranked_terms.college_code',
            'ranked_terms.enrollment_begin_date', 'ranked_terms.enrollment_end_date'
        ]) }} as postsecondary_enrollment_key,
        ranked_terms.student_key,
        ranked_terms.college_code,
        ranked_terms.enrollment_begin_date,
        ranked_terms.enrollment_end_date,
        ranked_terms.college_name,
        ranked_terms.college_state,
        ranked_terms.institution_level,
        ranked_terms.institution_control,
        ranked_terms.class_level,
        ranked_terms.enrollment_status,
        -- Leave or withdrawal alone is no enrollment; a withheld status does not hide the term.
        coalesce(enrollment_statuses.counts_as_enrolled, true) as counts_as_enrolled
    from ranked_terms
    left join enrollment_statuses
        on ranked_terms.enrollment_status = enrollment_statuses.enrollment_status
    where ranked_terms.place = 1
)

select * from ps_enrollments
