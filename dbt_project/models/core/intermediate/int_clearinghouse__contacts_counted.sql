with terms as (
    select * from {{ ref('stg_nsc__enrollments') }}
),

awards as (
    select * from {{ ref('stg_nsc__degrees') }}
),

searches as (
    select * from {{ ref('stg_nsc__searches') }}
),

links as (
    select * from {{ source('identity', 'nsc_link') }}
),

-- The newest return reports at least as far as the latest thing it says.
returned_rows as (
    select
        nsc_return_id,
        1 as found_count,
        case
            when search_date > enrollment_begin_date then search_date
            else enrollment_begin_date
        end as reported_date
    from terms
    union all
    select
        nsc_return_id,
        1 as found_count,
        case
            when search_date > graduation_date then search_date
            else graduation_date
        end as reported_date
    from awards
    union all
    select
        nsc_return_id,
        0 as found_count,
        search_date as reported_date
    from searches
),

contacts as (
    select
        links.student_key,
        max(returned_rows.found_count) = 1 as is_found,
        max(returned_rows.reported_date) as returns_through_date
    from returned_rows
    inner join links
        on returned_rows.nsc_return_id = links.nsc_return_id
    group by links.student_key
)

select * from contacts
