with demographic_groups as (
    select * from {{ ref('dim_demographic_group') }}
),

pathways as (
    select * from {{ ref('dim_pathway') }}
),

levels as (
    select * from {{ ref('publication_levels') }}
),

-- Few tables, never the cube: groups and pathways are not crossed.
totals as (
    select
        table_name,
        organization_level,
        'All' as pathway_code,
        'All' as demographic_factor,
        'All' as demographic_group
    from levels
    where dimension = 'total'
),

group_margins as (
    select
        levels.table_name,
        levels.organization_level,
        'All' as pathway_code,
        demographic_groups.demographic_factor,
        demographic_groups.demographic_group
    from levels
    cross join demographic_groups
    where levels.dimension = 'demographic_group' and demographic_groups.demographic_factor != 'All'
),

pathway_margins as (
    select
        levels.table_name,
        levels.organization_level,
        pathways.pathway_code,
        'All' as demographic_factor,
        'All' as demographic_group
    from levels
    cross join pathways
    where
        levels.dimension = 'pathway_code'
        -- Only graduates can be outside every pathway.
        and (not pathways.is_residual or levels.table_name = 'mart_postsecondary_transition')
),

margins as (
    select * from totals
    union all
    select * from group_margins
    union all
    select * from pathway_margins
)

select * from margins
