with never_collected_periods as (
    select * from {{ ref('never_collected_periods') }}
),

gaps as (
    select
        source_name,
        first_date,
        last_date,
        cast(extract(year from first_date) as integer) as calendar_year,
        reason
    from never_collected_periods
)

select * from gaps
