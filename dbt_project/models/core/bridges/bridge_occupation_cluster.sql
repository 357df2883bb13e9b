with listed as (
    select * from {{ ref('stg_onet__career_clusters') }}
),

clusters as (
    select * from {{ ref('onet_clusters') }}
),

ranked as (
    select
        *,
        row_number() over (partition by onet_soc_code order by load_id desc) as place
    from listed
),

-- A cell holds up to five names; a name that occurs twice has two pathways.
named as (
    {%- for position in range(1, 6) %}
        select
            soc_code,
            {{ listed_item('cluster_names', position) }} as cluster_name
        from ranked
        where place = 1 and {{ listed_item('cluster_names', position) }} != ''
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

occupation_clusters as (
    select
        soc_code,
        cluster_name
    from named
    group by soc_code, cluster_name
),

weighted as (
    select
        '2018' as soc_vintage,
        occupation_clusters.soc_code,
        occupation_clusters.cluster_name,
        clusters.pathway_code,
        cast(
            1.0 / count(*) over (partition by occupation_clusters.soc_code) as numeric(18, 15)
        ) as cluster_weight
    from occupation_clusters
    left join clusters
        on occupation_clusters.cluster_name = clusters.cluster_name
)

select * from weighted
