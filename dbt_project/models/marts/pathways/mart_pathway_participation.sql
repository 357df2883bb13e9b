with counted as (
    select * from {{ ref('int_pathway__members_counted') }}
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

rules as (
    select * from {{ ref('dim_cte_rule') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

rolled_up as (
    select
        counted.school_year,
        ancestors.ancestor_organization_code as organization_code,
        counted.pathway_code,
        counted.demographic_factor,
        counted.demographic_group,
        sum(counted.member_count) as member_count,
        sum(counted.participant_count) as participant_count,
        sum(counted.concentrator_count) as concentrator_count
    from counted
    inner join ancestors
        on counted.organization_code = ancestors.organization_code
    group by
        counted.school_year,
        ancestors.ancestor_organization_code,
        counted.pathway_code,
        counted.demographic_factor,
        counted.demographic_group
),

totals as (
    select
        school_year,
        organization_code,
        participant_count is not null as is_collected
    from rolled_up
    where pathway_code = 'All' and demographic_factor = 'All'
),

-- A group or cluster without students is a zero, not a missing row. The members of a cluster's
-- row are those of the row All: printed once, so that they are decided once.
published_rows as (
    select
        totals.school_year,
        organizations.organization_level,
        totals.organization_code,
        organizations.parent_organization_code,
        organizations.organization_name,
        organizations.region_scheme,
        margins.pathway_code,
        margins.demographic_factor,
        margins.demographic_group,
        case when margins.pathway_code = 'All' then coalesce(rolled_up.member_count, 0) end
            as member_count,
        case when totals.is_collected then coalesce(rolled_up.participant_count, 0) end
            as participant_count,
        case when totals.is_collected then coalesce(rolled_up.concentrator_count, 0) end
            as concentrator_count
    from totals
    inner join organizations
        on totals.organization_code = organizations.organization_code
    inner join margins
        on
            organizations.organization_level = margins.organization_level
            and margins.table_name = 'mart_pathway_participation'
    left join rolled_up
        on
            totals.school_year = rolled_up.school_year
            and totals.organization_code = rolled_up.organization_code
            and margins.pathway_code = rolled_up.pathway_code
            and margins.demographic_factor = rolled_up.demographic_factor
            and margins.demographic_group = rolled_up.demographic_group
),

participation as (
    select
        published_rows.school_year,
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
        snapshot.is_provisional,
        rules.cte_rule_version,
        '9-12' as grade_level,
        'members of grades 9 to 12 enrolled at least one day in the school year'
            as denominator_definition,
        case when published_rows.school_year = rules.first_school_year then rules.break_reason end
            as break_reason,
        published_rows.school_year != rules.first_school_year or rules.break_reason is null
            as is_comparable_to_prior,
        published_rows.pathway_code = 'All' as is_additive,
        cast(published_rows.member_count as integer) as member_count,
        cast(published_rows.participant_count as integer) as participant_count,
        cast(published_rows.concentrator_count as integer) as concentrator_count,
        case when published_rows.member_count is null then 'not_applicable' else 'reported' end
            as member_count_status,
        case when published_rows.participant_count is null then 'not_collected' else 'reported' end
            as participant_count_status,
        case when published_rows.concentrator_count is null then 'not_collected' else 'reported' end
            as concentrator_count_status,
        {{ share('published_rows.participant_count', 'published_rows.member_count') }}
            as participant_share,
        {{ share('published_rows.concentrator_count', 'published_rows.member_count') }}
            as concentrator_share,
        {{ share_status('published_rows.participant_count', 'published_rows.member_count') }}
            as participant_share_status,
        {{ share_status('published_rows.concentrator_count', 'published_rows.member_count') }}
            as concentrator_share_status
    from published_rows
    inner join rules
        on
            published_rows.school_year >= rules.first_school_year
            and published_rows.school_year <= rules.last_school_year
    cross join snapshot
)

select * from participation
