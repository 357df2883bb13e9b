with run as (
    select * from {{ source('ops', 'run') }}
),

run_view as (
    select
        run_id as snapshot_id,
        as_of_date,
        'current' as data_view,
        code_commit
    from run
    where run_id = {{ var('run_id') }}
),

snapshot as (
    select
        snapshot_id,
        as_of_date,
        data_view,
        code_commit,
        data_view != 'certified' as is_provisional
    from run_view
)

select * from snapshot
