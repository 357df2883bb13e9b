with career_clusters as (
    select * from {{ ref('career_clusters') }}
),

clusters as (
    select
        pathway_code,
        pathway_name,
        cluster_number,
        framework,
        valid_from,
        valid_to,
        false as is_residual
    from career_clusters
),

frameworks as (
    select
        framework,
        min(valid_from) as valid_from
    from career_clusters
    group by framework
),

-- Residual members keep sums true: students outside every pathway, and those of whom nobody knows.
residuals as (
    select
        'NONE' as pathway_code,
        'No pathway' as pathway_name,
        cast(null as text) as cluster_number,
        framework,
        valid_from,
        cast(null as date) as valid_to,
        true as is_residual
    from frameworks
    union all
    select
        'UNKNOWN' as pathway_code,
        'Pathway not known: the district does not report' as pathway_name,
        cast(null as text) as cluster_number,
        framework,
        valid_from,
        cast(null as date) as valid_to,
        true as is_residual
    from frameworks
),

members as (
    select * from clusters
    union all
    select * from residuals
),

pathways as (
    select
        {{ surrogate_key(['framework', 'pathway_code']) }} as pathway_key,
        pathway_code,
        pathway_name,
        cluster_number,
        framework,
        valid_from,
        valid_to,
        is_residual
    from members
)

select * from pathways
