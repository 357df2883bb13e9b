with source_files as (
    select * from {{ ref('dim_source_file') }}
),

sources as (
    select * from {{ ref('dim_source') }}
),

periods as (
    select * from {{ ref('int_source_file__periods_covered') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

-- A file of people may have been named after one: it is numbered here.
numbered_files as (
    select
        source_files.source_name,
        source_files.release_name,
        source_files.layout_name,
        source_files.received_date,
        source_files.published_date,
        source_files.is_synthetic,
        periods.first_period_date,
        periods.last_period_date,
        case
            when sources.source_access = 'public' then source_files.file_name
            else 'file ' || cast(
                row_number() over (
                    partition by source_files.source_name, source_files.release_name
                    order by source_files.load_id
                ) as text
            )
        end as file_name,
        case
            when sources.source_access != 'public' then 'not_collected'
            when periods.load_id is null then 'not_applicable'
            else 'reported'
        end as period_status,
        max(coalesce(source_files.published_date, source_files.received_date)) over (
            partition by source_files.source_name, source_files.release_name
        ) as release_date,
        max(coalesce(source_files.published_date, source_files.received_date)) over (
            partition by source_files.source_name
        ) as newest_date
    from source_files
    inner join sources
        on source_files.source_name = sources.source_name
    left join periods
        on source_files.load_id = periods.load_id
),

vintages as (
    select
        numbered_files.source_name,
        numbered_files.release_name,
        numbered_files.file_name,
        numbered_files.layout_name,
        numbered_files.received_date,
        numbered_files.published_date,
        numbered_files.first_period_date,
        numbered_files.last_period_date,
        numbered_files.period_status,
        sources.publisher,
        sources.licence,
        sources.landing_page,
        sources.ask_schedule,
        sources.freshness_days,
        sources.release_rule,
        numbered_files.is_synthetic,
        numbered_files.release_date = numbered_files.newest_date as is_newest_release,
        numbered_files.newest_date + sources.freshness_days as next_due_date,
        numbered_files.newest_date + sources.freshness_days < snapshot.as_of_date as is_overdue,
        case when numbered_files.is_synthetic then 'SYNTHETIC' else 'OFFICIAL' end as stamp
    from numbered_files
    inner join sources
        on numbered_files.source_name = sources.source_name
    cross join snapshot
)

select * from vintages
