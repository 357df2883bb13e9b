with counted as (
    select * from {{ ref('int_transition__graduates_counted') }}
),

classes as (
    select * from {{ ref('int_transition__classes_followed') }}
),

ancestors as (
    select * from {{ ref('bridge_organization_ancestor') }}
),

organizations as (
    select * from {{ ref('dim_organization') }}
),

margins as (
    select * from {{ ref('dim_publication_margin') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

rolled_up as (
    select
        counted.diploma_class,
        ancestors.ancestor_organization_code as organization_code,
        counted.pathway_code,
        counted.demographic_factor,
        counted.demographic_group,
        sum(counted.graduate_count) as graduate_count,
        sum(counted.searched_count) as searched_count,
        sum(counted.found_count) as found_count,
        sum(counted.enrolled_16_months_count) as enrolled_16_months_count,
        sum(counted.enrolled_12_months_count) as enrolled_12_months_count,
        sum(counted.enrolled_fall_count) as enrolled_fall_count
    from counted
    inner join ancestors
        on counted.organization_code = ancestors.organization_code
    group by
        counted.diploma_class,
        ancestors.ancestor_organization_code,
        counted.pathway_code,
        counted.demographic_factor,
        counted.demographic_group
),

totals as (
    select
        diploma_class,
        organization_code
    from rolled_up
    where pathway_code = 'All' and demographic_factor = 'All'
),

-- A group or pathway without graduates is a zero; a window that is still open is not yet known.
published_rows as (
    select
        totals.diploma_class,
        organizations.organization_level,
        totals.organization_code,
        organizations.parent_organization_code,
        organizations.organization_name,
        organizations.region_scheme,
        margins.pathway_code,
        margins.demographic_factor,
        margins.demographic_group,
        classes.rule_version,
        classes.is_16_months_complete,
        classes.is_final,
        case
            when margins.pathway_code = 'All' then classes.break_reason
            else classes.pathway_break_reason
        end as break_reason,
        coalesce(rolled_up.graduate_count, 0) as graduate_count,
        coalesce(rolled_up.searched_count, 0) as searched_count,
        coalesce(rolled_up.found_count, 0) as found_count,
        case when classes.is_fall_complete then coalesce(rolled_up.enrolled_fall_count, 0) end
            as enrolled_fall_count,
        case
            when classes.is_12_months_complete
                then coalesce(rolled_up.enrolled_12_months_count, 0)
        end as enrolled_12_months_count,
        case
            when classes.is_16_months_complete
                then coalesce(rolled_up.enrolled_16_months_count, 0)
        end as enrolled_16_months_count
    from totals
    inner join organizations
        on totals.organization_code = organizations.organization_code
    inner join margins
        on
            organizations.organization_level = margins.organization_level
            and margins.table_name = 'mart_postsecondary_transition'
    inner join classes
        on totals.diploma_class = classes.diploma_class
    left join rolled_up
        on
            totals.diploma_class = rolled_up.diploma_class
            and totals.organization_code = rolled_up.organization_code
            and margins.pathway_code = rolled_up.pathway_code
            and margins.demographic_factor = rolled_up.demographic_factor
            and margins.demographic_group = rolled_up.demographic_group
),

transition as (
    select
        published_rows.diploma_class,
        published_rows.organization_level,
        published_rows.organization_code,
        published_rows.parent_organization_code,
        published_rows.organization_name,
        published_rows.region_scheme,
        published_rows.pathway_code,
        published_rows.demographic_factor,
        published_rows.demographic_group,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        published_rows.rule_version,
        published_rows.is_16_months_complete,
        published_rows.is_final,
        snapshot.is_provisional or not published_rows.is_final as is_provisional,
        published_rows.break_reason,
        published_rows.break_reason is null as is_comparable_to_prior,
        published_rows.pathway_code = 'All' as is_additive,
        'graduates of the class with a regular diploma, by accountable school at graduation'
            as denominator_definition,
        'reported' as graduate_count_status,
        'reported' as searched_count_status,
        'reported' as found_count_status,
        -- Detail returns do not tell the blocked from those without a record.
        'not_collected' as blocked_count_status,
        cast(null as integer) as blocked_count,
        cast(published_rows.graduate_count as integer) as graduate_count,
        cast(published_rows.searched_count as integer) as searched_count,
        cast(published_rows.found_count as integer) as found_count,
        cast(published_rows.enrolled_fall_count as integer) as enrolled_fall_count,
        cast(published_rows.enrolled_12_months_count as integer) as enrolled_12_months_count,
        cast(published_rows.enrolled_16_months_count as integer) as enrolled_16_months_count,
        case when published_rows.enrolled_fall_count is null then 'not_yet' else 'reported' end
            as enrolled_fall_count_status,
        {{ share('published_rows.enrolled_fall_count', 'published_rows.graduate_count') }}
            as enrolled_fall_share,
        {{ share_status(
            'published_rows.enrolled_fall_count', 'published_rows.graduate_count', absent='not_yet'
        ) }} as enrolled_fall_share_status,
        case when published_rows.enrolled_12_months_count is null then 'not_yet' else 'reported' end
            as enrolled_12_months_count_status,
        {{ share('published_rows.enrolled_12_months_count', 'published_rows.graduate_count') }}
            as enrolled_12_months_share,
        {{ share_status(
            'published_rows.enrolled_12_months_count', 'published_rows.graduate_count', absent='not_yet'
        ) }} as enrolled_12_months_share_status,
        case when published_rows.enrolled_16_months_count is null then 'not_yet' else 'reported' end
            as enrolled_16_months_count_status,
        {{ share('published_rows.enrolled_16_months_count', 'published_rows.graduate_count') }}
            as enrolled_16_months_share,
        {{ share_status(
            'published_rows.enrolled_16_months_count', 'published_rows.graduate_count', absent='not_yet'
        ) }} as enrolled_16_months_share_status
    from published_rows
    cross join snapshot
),

-- The most that can be true: all of whom the clearinghouse has no record are enrolled.
bounded_transition as (
    select
        *,
        {{ share('(enrolled_fall_count + graduate_count - found_count)', 'graduate_count') }}
            as enrolled_fall_upper_share,
        enrolled_fall_share_status as enrolled_fall_upper_share_status,
        {{ share('(enrolled_12_months_count + graduate_count - found_count)', 'graduate_count') }}
            as enrolled_12_months_upper_share,
        enrolled_12_months_share_status as enrolled_12_months_upper_share_status,
        {{ share('(enrolled_16_months_count + graduate_count - found_count)', 'graduate_count') }}
            as enrolled_16_months_upper_share,
        enrolled_16_months_share_status as enrolled_16_months_upper_share_status
    from transition
)

select * from bounded_transition
