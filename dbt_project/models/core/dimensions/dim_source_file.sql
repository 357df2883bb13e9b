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

-- A file that several releases hold unchanged is known since the first of them.
ranked_files as (
    select
        files.load_id,
        releases.source as source_name,
        releases.release as release_name,
        files.name as file_name,
        loads.layout as layout_name,
        releases.is_synthetic,
        {{ utc_date('files.retrieved_at') }} as received_date,
        {{ http_date('files.last_modified') }} as published_date,
        row_number() over (
            partition by files.load_id
            order by files.retrieved_at, files.landed_file_id
        ) as place
    from inputs
    inner join files
        on inputs.load_id = files.load_id
    inner join releases
        on files.source_release_id = releases.source_release_id
    inner join loads
        on files.load_id = loads.load_id
    where inputs.run_id = {{ var('run_id') }} and releases.state = 'complete'
),

source_files as (
    select
        load_id,
        source_name,
        release_name,
        file_name,
        layout_name,
        received_date,
        published_date,
        is_synthetic
    from ranked_files
    where place = 1
)

select * from source_files
