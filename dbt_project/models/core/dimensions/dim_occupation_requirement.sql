with matrix_occupations as (
    select * from {{ ref('stg_projections__ep_occupations') }}
),

assignments as (
    select * from {{ ref('stg_projections__ep_education') }}
),

soc_vintages as (
    select * from {{ ref('projection_soc_vintages') }}
),

educations as (
    select * from {{ ref('entry_educations') }}
),

onet_occupations as (
    select * from {{ ref('dim_onet_occupation') }}
),

published as (
    select
        soc_code,
        matrix_year,
        entry_education,
        entry_education_status,
        work_experience,
        work_experience_status,
        on_the_job_training,
        on_the_job_training_status,
        1 as table_rank,
        load_id
    from assignments
    union all
    select
        soc_code,
        base_year as matrix_year,
        entry_education,
        entry_education_status,
        work_experience,
        work_experience_status,
        on_the_job_training,
        on_the_job_training_status,
        2 as table_rank,
        load_id
    from matrix_occupations
    where occupation_type = 'Line item'
),

-- Table 5.4 is about assignments; Table 1.2 repeats them, and has newer ones before 5.4 comes.
ranked as (
    select
        *,
        row_number() over (
            partition by soc_code, matrix_year order by table_rank asc, load_id desc
        ) as place
    from published
),

zones as (
    select
        soc_vintage,
        soc_code,
        min(job_zone) as lowest_job_zone,
        max(job_zone) as highest_job_zone
    from onet_occupations
    group by soc_vintage, soc_code
),

requirements as (
    select
        ranked.soc_code,
        soc_vintages.soc_vintage,
        ranked.matrix_year,
        ranked.entry_education,
        ranked.entry_education_status,
        educations.education_rank,
        ranked.work_experience,
        ranked.work_experience_status,
        ranked.on_the_job_training,
        ranked.on_the_job_training_status,
        zones.lowest_job_zone,
        zones.highest_job_zone,
        ranked.load_id,
        -- Who comes in must have been prepared: supply of programs is set against these only.
        case
            when ranked.entry_education is null or ranked.on_the_job_training is null then null
            else
                educations.is_postsecondary
                or ranked.on_the_job_training in (
                    'Apprenticeship', 'Long-term on-the-job training'
                )
        end as needs_preparation,
        case when zones.lowest_job_zone is null then 'not_collected' else 'reported' end
            as lowest_job_zone_status,
        case when zones.highest_job_zone is null then 'not_collected' else 'reported' end
            as highest_job_zone_status
    from ranked
    inner join soc_vintages
        on
            ranked.matrix_year >= soc_vintages.first_year
            and ranked.matrix_year <= soc_vintages.last_year
    left join educations
        on ranked.entry_education = educations.entry_education
    left join zones
        on soc_vintages.soc_vintage = zones.soc_vintage and ranked.soc_code = zones.soc_code
    where ranked.place = 1
)

select * from requirements
