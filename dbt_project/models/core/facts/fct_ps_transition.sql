with diplomas as (
    select * from {{ ref('fct_diploma') }}
),

enrollments as (
    select * from {{ ref('fct_ps_enrollment') }}
),

contacts as (
    select * from {{ ref('int_clearinghouse__contacts_counted') }}
),

rules as (
    select * from {{ ref('transition_rules') }}
),

windows as (
    select * from {{ ref('transition_windows') }}
),

window_lengths as (
    select
        max(case when window_code = '12_months' then months end) as short_months,
        max(case when window_code = '16_months' then months end) as long_months
    from windows
),

reported_through as (
    select max(returns_through_date) as returns_through_date
    from contacts
),

graduates as (
    select
        diplomas.student_key,
        diplomas.diploma_class,
        diplomas.diploma_date,
        diplomas.organization_code,
        rules.rule_version,
        window_lengths.short_months,
        window_lengths.long_months,
        {{ date_in_year(
            'diplomas.diploma_class', 'rules.class_last_month', 'rules.class_last_day'
        ) }} as class_last_date,
        {{ date_in_year(
            'diplomas.diploma_class', 'rules.fall_first_month', 'rules.fall_first_day'
        ) }} as fall_first_date,
        {{ date_in_year(
            'diplomas.diploma_class', 'rules.fall_last_month', 'rules.fall_last_day'
        ) }} as fall_last_date
    from diplomas
    cross join window_lengths
    inner join rules
        on
            diplomas.diploma_class >= rules.first_diploma_class
            and diplomas.diploma_class <= rules.last_diploma_class
    where diplomas.is_regular_diploma
),

-- A term must begin after the diploma date: one that straddles it is dual enrollment.
counted_terms as (
    select
        graduates.student_key,
        min(enrollments.enrollment_begin_date) as first_term_begin_date,
        max(
            case
                when
                    enrollments.enrollment_begin_date <= graduates.fall_last_date
                    and enrollments.enrollment_end_date >= graduates.fall_first_date
                    then 1
                else 0
            end
        ) as fall_terms
    from graduates
    inner join enrollments
        on graduates.student_key = enrollments.student_key
    where
        enrollments.counts_as_enrolled
        and enrollments.enrollment_begin_date > graduates.diploma_date
    group by graduates.student_key
),

transitions as (
    select
        graduates.student_key,
        graduates.diploma_class,
        graduates.diploma_date,
        graduates.organization_code,
        graduates.rule_version,
        counted_terms.first_term_begin_date,
        reported_through.returns_through_date,
        contacts.student_key is not null as is_searched,
        coalesce(contacts.is_found, false) as is_found,
        coalesce(counted_terms.fall_terms, 0) = 1 as is_enrolled_fall,
        coalesce(
            counted_terms.first_term_begin_date
            <= {{ add_months('graduates.diploma_date', 'graduates.short_months') }},
            false
        ) as is_enrolled_12_months,
        coalesce(
            counted_terms.first_term_begin_date
            <= {{ add_months('graduates.diploma_date', 'graduates.long_months') }},
            false
        ) as is_enrolled_16_months,
        coalesce(graduates.fall_last_date <= reported_through.returns_through_date, false)
            as is_fall_complete,
        coalesce(
            {{ add_months('graduates.class_last_date', 'graduates.short_months') }}
            <= reported_through.returns_through_date,
            false
        ) as is_12_months_complete,
        coalesce(
            {{ add_months('graduates.class_last_date', 'graduates.long_months') }}
            <= reported_through.returns_through_date,
            false
        ) as is_16_months_complete
    from graduates
    cross join reported_through
    left join contacts
        on graduates.student_key = contacts.student_key
    left join counted_terms
        on graduates.student_key = counted_terms.student_key
)

select * from transitions
