with snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

runs as (
    select * from {{ source('ops', 'run') }}
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
        source_releases.completed_at,
        coalesce(source_releases.layout, 'several layouts')
        || ', ' || source_releases.origin
        || ', received ' || cast({{ utc_date('source_releases.completed_at') }} as text) as reading
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
        source_releases.is_synthetic,
        source_releases.completed_at
),

-- A correction is named `<release>.2`, `<release>.3`: it replaces the release of that name.
named_releases as (
    select
        source,
        completed_at,
        regexp_replace(release_name, '[.][0-9]+$', '') as release_stem,
        source in ({{ sources_replaced_whole() }}) as is_replaced_whole
    from used_releases
),

refused_before_the_run as (
    select
        source_releases.source,
        source_releases.opened_at,
        source_releases.source || ' ' || source_releases.release as release_label,
        regexp_replace(source_releases.release, '[.][0-9]+$', '') as release_stem
    from source_releases
    inner join runs
        on source_releases.opened_at <= runs.started_at
    inner join snapshot
        on runs.run_id = snapshot.snapshot_id
    where source_releases.state = 'refused'
),

-- What a later release in use replaces is not missed: the rule of the check newest_release_in_use.
refused_releases as (
    select refused_before_the_run.release_label
    from refused_before_the_run
    left join named_releases
        on
            refused_before_the_run.source = named_releases.source
            and refused_before_the_run.opened_at < named_releases.completed_at
            and (
                refused_before_the_run.release_stem = named_releases.release_stem
                or named_releases.is_replaced_whole
            )
    where named_releases.source is null
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
