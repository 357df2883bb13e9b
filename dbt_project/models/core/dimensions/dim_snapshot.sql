with run as (
    select * from {{ source('ops', 'run') }}
),

snapshot as (
    select
        run_id as snapshot_id,
        as_of_date,
        'current' as data_view,
        code_commit
    from run
    where run_id = {{ var('run_id') }}
)

select * from snapshot
