with landed as (
    {{ landed('onet', 'job_zones') }}
),

-- The package of the labor certification office still has the taxonomy of 2010.
job_zones as (
    select
        onet_edition,
        onet_soc_code,
        onet_title,
        job_zone,
        job_zone_status,
        training_code,
        load_id,
        row_number,
        substring(onet_soc_code, 1, 7) as soc_code,
        case when onet_edition = '2020-21' then '2010' else '2019' end as onet_taxonomy
    from landed
)

select * from job_zones
