with student_years as (
    select * from {{ ref('fct_student_year') }}
),

cte_statuses as (
    select * from {{ ref('fct_cte_status') }}
),

pathways as (
    select * from {{ ref('dim_pathway') }}
),

demographic_groups as (
    select * from {{ ref('dim_demographic_group') }}
),

ancestors as (
    select * from {{ ref('bridge_organization_ancestor') }}
),

organizations as (
    select * from {{ ref('dim_organization') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

student_flags as (
    select
        student_key,
        school_year,
        max(cte_rule_version) as cte_rule_version,
        max(case when is_participant then 1 else 0 end) as participant_count,
        max(case when is_concentrator then 1 else 0 end) as concentrator_count
    from cte_statuses
    group by student_key, school_year
),

-- Districts that do not report career and technical education have members, but no participants
-- that we know of: missing, not zero.
members as (
    select
        student_years.school_year,
        student_years.organization_code,
        student_years.sex,
        student_years.race_ethnicity,
        student_years.economic_status,
        student_years.disability_status,
        student_years.english_learner_status,
        1 as member_count,
        case when organizations.has_cte_program then coalesce(student_flags.participant_count, 0) end
            as participant_count,
        case when organizations.has_cte_program then coalesce(student_flags.concentrator_count, 0) end
            as concentrator_count
    from student_years
    inner join organizations
        on student_years.organization_code = organizations.organization_code
    left join student_flags
        on
            student_years.student_key = student_flags.student_key
            and student_years.school_year = student_flags.school_year
    where student_years.grade_band = '9-12'
),

school_groups as (
    {{ by_demographic_group(
        'members', ['school_year', 'organization_code'],
        ['member_count', 'participant_count', 'concentrator_count']
    ) }}
),

group_counts as (
    select
        school_groups.school_year,
        ancestors.ancestor_organization_code as organization_code,
        school_groups.demographic_factor,
        school_groups.demographic_group,
        sum(school_groups.member_count) as member_count,
        sum(school_groups.participant_count) as participant_count,
        sum(school_groups.concentrator_count) as concentrator_count
    from school_groups
    inner join ancestors
        on school_groups.organization_code = ancestors.organization_code
    group by
        school_groups.school_year,
        ancestors.ancestor_organization_code,
        school_groups.demographic_factor,
        school_groups.demographic_group
),

totals as (
    select * from group_counts
    where demographic_factor = 'All'
),

-- Schools publish their total, districts and above groups and clusters as well.
group_rows as (
    select
        totals.school_year,
        totals.organization_code,
        'All' as pathway_code,
        demographic_groups.demographic_factor,
        demographic_groups.demographic_group,
        coalesce(group_counts.member_count, 0) as member_count,
        case when totals.participant_count is not null then coalesce(group_counts.participant_count, 0) end
            as participant_count,
        case when totals.participant_count is not null then coalesce(group_counts.concentrator_count, 0) end
            as concentrator_count
    from totals
    inner join organizations
        on totals.organization_code = organizations.organization_code
    inner join demographic_groups
        on
            organizations.organization_level != 'school'
            or demographic_groups.demographic_factor = 'All'
    left join group_counts
        on
            totals.school_year = group_counts.school_year
            and totals.organization_code = group_counts.organization_code
            and demographic_groups.demographic_factor = group_counts.demographic_factor
            and demographic_groups.demographic_group = group_counts.demographic_group
),

pathway_counts as (
    select
        cte_statuses.school_year,
        ancestors.ancestor_organization_code as organization_code,
        cte_statuses.pathway_code,
        sum(case when cte_statuses.is_participant then 1 else 0 end) as participant_count,
        sum(case when cte_statuses.is_concentrator then 1 else 0 end) as concentrator_count
    from cte_statuses
    inner join student_years
        on
            cte_statuses.student_key = student_years.student_key
            and cte_statuses.school_year = student_years.school_year
    inner join organizations
        on
            student_years.organization_code = organizations.organization_code
            and organizations.has_cte_program
    inner join ancestors
        on
            student_years.organization_code = ancestors.organization_code
            and ancestors.ancestor_level != 'school'
    group by
        cte_statuses.school_year,
        ancestors.ancestor_organization_code,
        cte_statuses.pathway_code
),

-- The members of a cluster's row are those of the row All: printed once, so decided once.
pathway_rows as (
    select
        totals.school_year,
        totals.organization_code,
        pathways.pathway_code,
        totals.demographic_factor,
        totals.demographic_group,
        cast(null as integer) as member_count,
        case when totals.participant_count is not null then coalesce(pathway_counts.participant_count, 0) end
            as participant_count,
        case when totals.participant_count is not null then coalesce(pathway_counts.concentrator_count, 0) end
            as concentrator_count
    from totals
    inner join organizations
        on
            totals.organization_code = organizations.organization_code
            and organizations.organization_level != 'school'
    cross join pathways
    left join pathway_counts
        on
            totals.school_year = pathway_counts.school_year
            and totals.organization_code = pathway_counts.organization_code
            and pathways.pathway_code = pathway_counts.pathway_code
),

all_rows as (
    select * from group_rows
    union all
    select * from pathway_rows
),

rule_versions as (
    select
        school_year,
        max(cte_rule_version) as cte_rule_version
    from student_flags
    group by school_year
),

participation as (
    select
        all_rows.school_year,
        organizations.organization_level,
        all_rows.organization_code,
        organizations.parent_organization_code,
        organizations.organization_name,
        '9-12' as grade_level,
        all_rows.pathway_code,
        all_rows.demographic_factor,
        all_rows.demographic_group,
        snapshot.data_view,
        snapshot.as_of_date,
        rule_versions.cte_rule_version,
        cast(all_rows.member_count as integer) as member_count,
        cast(all_rows.participant_count as integer) as participant_count,
        cast(all_rows.concentrator_count as integer) as concentrator_count,
        case when all_rows.member_count is null then 'not_applicable' else 'reported' end
            as member_count_status,
        case when all_rows.participant_count is null then 'not_collected' else 'reported' end
            as participant_count_status,
        case when all_rows.concentrator_count is null then 'not_collected' else 'reported' end
            as concentrator_count_status,
        {{ share('all_rows.participant_count', 'all_rows.member_count') }} as participant_share,
        {{ share('all_rows.concentrator_count', 'all_rows.member_count') }} as concentrator_share,
        {{ share_status('all_rows.participant_count', 'all_rows.member_count') }}
            as participant_share_status,
        {{ share_status('all_rows.concentrator_count', 'all_rows.member_count') }}
            as concentrator_share_status
    from all_rows
    inner join organizations
        on all_rows.organization_code = organizations.organization_code
    cross join snapshot
    left join rule_versions
        on all_rows.school_year = rule_versions.school_year
)

select * from participation
