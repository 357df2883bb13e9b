with inputs as (
    select * from {{ source('ops', 'run_input') }}
),

files as (
    select * from {{ source('ops', 'landed_file') }}
),

releases as (
    select * from {{ source('ops', 'source_release') }}
),

loads as (
    select * from {{ source('ops', 'load') }}
),

receipts as (
    select
        files.load_id,
        loads.layout as layout_name,
        releases.source as source_name,
        files.name as file_name,
        {{ utc_date('files.retrieved_at') }} as received_date,
        {{ http_date('files.last_modified') }} as published_date,
        row_number() over (
            order by files.retrieved_at, files.landed_file_id
        ) as publication_number
    from inputs
    inner join files
        on inputs.load_id = files.load_id
    inner join releases
        on
            files.source_release_id = releases.source_release_id
            and inputs.source = releases.source
    inner join loads
        on files.load_id = loads.load_id
    where inputs.run_id = {{ var('run_id') }} and releases.state = 'complete'
),

ordered_receipts as (
    select
        *,
        min(published_date) over (partition by load_id) as first_published_date,
        row_number() over (partition by load_id order by publication_number) as place,
        lag(load_id) over (
            partition by source_name, file_name order by publication_number
        ) as earlier_load_id
    from receipts
),

-- A publisher that goes back to an earlier content may serve it with its earlier day: of a return
-- only the day on which it was received is sure.
dated_receipts as (
    select
        load_id,
        layout_name,
        publication_number,
        case
            when place = 1 and first_published_date < received_date then first_published_date
            else received_date
        end as recorded_from
    from ordered_receipts
    where place = 1 or earlier_load_id != load_id
),

publications as (
    select
        load_id,
        recorded_from,
        layout_name,
        max(publication_number) as publication_number
    from dated_receipts
    group by load_id, recorded_from, layout_name
)

select * from publications
