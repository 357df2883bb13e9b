with career_clusters as (
    select * from {{ ref('career_clusters') }}
),

pathways as (
    select
        {{ surrogate_key(['framework', 'pathway_code']) }} as pathway_key,
        pathway_code,
        pathway_name,
        cluster_number,
        framework,
        valid_from,
        valid_to
    from career_clusters
)

select * from pathways
