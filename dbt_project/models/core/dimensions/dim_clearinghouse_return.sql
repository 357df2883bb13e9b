with inputs as (
    select * from {{ source('ops', 'run_input') }}
),

releases as (
    select * from {{ source('ops', 'source_release') }}
),

-- A run reads the newest return alone: each is complete in itself. That there were earlier ones is
-- in the ledger; later ones than the run's are none of its business.
newest as (
    select max(source_release_id) as source_release_id
    from inputs
    where run_id = {{ var('run_id') }} and source = 'nsc'
),

received as (
    select
        releases.source_release_id as clearinghouse_return_id,
        {{ utc_date('releases.completed_at') }} as received_date
    from releases
    inner join newest
        on releases.source_release_id <= newest.source_release_id
    where releases.source = 'nsc' and releases.state = 'complete'
)

select * from received
