with occupations as (
    select * from {{ ref('stg_onet__occupations') }}
),

job_zones as (
    select * from {{ ref('stg_onet__job_zones') }}
),

-- The edition loaded last counts; job zones have names of their own where the taxonomy is older.
ranked_occupations as (
    select
        onet_soc_code,
        onet_title,
        onet_edition,
        '2019' as onet_taxonomy,
        row_number() over (partition by onet_soc_code order by load_id desc) as place
    from occupations
),

ranked_zones as (
    select
        onet_taxonomy,
        onet_soc_code,
        onet_title,
        onet_edition,
        job_zone,
        job_zone_status,
        row_number() over (
            partition by onet_taxonomy, onet_soc_code order by load_id desc
        ) as place
    from job_zones
),

newest_occupations as (
    select * from ranked_occupations
    where place = 1
),

newest_zones as (
    select * from ranked_zones
    where place = 1
),

onet_occupations as (
    select
        newest_zones.job_zone,
        coalesce(newest_occupations.onet_taxonomy, newest_zones.onet_taxonomy) as onet_taxonomy,
        coalesce(newest_occupations.onet_soc_code, newest_zones.onet_soc_code) as onet_soc_code,
        coalesce(newest_occupations.onet_title, newest_zones.onet_title) as onet_title,
        coalesce(newest_zones.onet_edition, newest_occupations.onet_edition) as onet_edition,
        coalesce(newest_zones.job_zone_status, 'not_collected') as job_zone_status
    from newest_occupations
    full join newest_zones
        on
            newest_occupations.onet_taxonomy = newest_zones.onet_taxonomy
            and newest_occupations.onet_soc_code = newest_zones.onet_soc_code
),

occupations_with_soc as (
    select
        onet_taxonomy,
        onet_soc_code,
        onet_title,
        onet_edition,
        job_zone,
        job_zone_status,
        substring(onet_soc_code, 1, 7) as soc_code,
        case onet_taxonomy when '2019' then '2018' else '2010' end as soc_vintage
    from onet_occupations
)

select * from occupations_with_soc
