with occupations as (
    select * from {{ ref('dim_occupation') }}
),

requirements as (
    select * from {{ ref('dim_occupation_requirement') }}
),

ranked_requirements as (
    select
        *,
        row_number() over (
            partition by soc_vintage, soc_code order by matrix_year desc
        ) as place
    from requirements
),

described as (
    select
        occupations.soc_vintage,
        occupations.soc_code,
        occupations.soc_title,
        occupations.soc_level,
        ranked_requirements.entry_education,
        ranked_requirements.work_experience,
        ranked_requirements.on_the_job_training,
        ranked_requirements.lowest_job_zone,
        ranked_requirements.highest_job_zone,
        ranked_requirements.needs_preparation,
        coalesce(ranked_requirements.entry_education_status, 'not_collected')
            as entry_education_status,
        coalesce(ranked_requirements.work_experience_status, 'not_collected')
            as work_experience_status,
        coalesce(ranked_requirements.on_the_job_training_status, 'not_collected')
            as on_the_job_training_status,
        coalesce(ranked_requirements.lowest_job_zone_status, 'not_collected')
            as lowest_job_zone_status,
        coalesce(ranked_requirements.highest_job_zone_status, 'not_collected')
            as highest_job_zone_status
    from occupations
    left join ranked_requirements
        on
            occupations.soc_vintage = ranked_requirements.soc_vintage
            and occupations.soc_code = ranked_requirements.soc_code
            and ranked_requirements.place = 1
)

select * from described
