with snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

run_inputs as (
    select * from {{ source('ops', 'run_input') }}
),

source_releases as (
    select * from {{ source('ops', 'source_release') }}
),

used_releases as (
    select
        source_releases.source_release_id,
        source_releases.source,
        source_releases.release as release_name,
        source_releases.is_synthetic,
        coalesce(source_releases.layout, 'several layouts') || ', ' || source_releases.origin
            as reading
    from run_inputs
    inner join snapshot
        on run_inputs.run_id = snapshot.snapshot_id
    inner join source_releases
        on run_inputs.source_release_id = source_releases.source_release_id
    group by
        source_releases.source_release_id,
        source_releases.source,
        source_releases.release,
        source_releases.layout,
        source_releases.origin,
        source_releases.is_synthetic
),

newest_used as (
    select
        source,
        max(source_release_id) as source_release_id
    from used_releases
    group by source
),

refused_releases as (
    select source_releases.source || ' ' || source_releases.release as release_label
    from source_releases
    left join newest_used
        on source_releases.source = newest_used.source
    where
        source_releases.state = 'refused'
        and source_releases.source_release_id > coalesce(newest_used.source_release_id, 0)
),

used_labels as (
    select
        count(*) as input_count,
        {{ joined_text("source || ' ' || release_name || ' (' || reading || ')'", '; ') }}
            as inputs,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from used_releases
),

refused_labels as (
    select coalesce({{ joined_text('release_label', '; ') }}, '') as refused_inputs
    from refused_releases
),

release_info as (
    select
        snapshot.snapshot_id as run_id,
        snapshot.as_of_date,
        snapshot.data_view,
        snapshot.code_commit,
        refused_labels.refused_inputs,
        cast(used_labels.input_count as integer) as input_count,
        case when used_labels.is_synthetic then 'SYNTHETIC' else 'OFFICIAL' end as stamp,
        coalesce(used_labels.inputs, '') as inputs,
        coalesce(used_labels.is_synthetic, false) as is_synthetic
    from snapshot
    cross join used_labels
    cross join refused_labels
)

select * from release_info
