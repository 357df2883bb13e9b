with landed as (
    {{ landed('onet', 'career_clusters') }}
),

career_clusters as (
    select
        onet_soc_code,
        onet_title,
        cluster_names,
        career_pathway_names,
        load_id,
        row_number,
        substring(onet_soc_code, 1, 7) as soc_code
    from landed
)

select * from career_clusters
