with landed as (
    {{ landed('projections', 'ep_education') }}
),

ep_education as (
    select
        soc_code,
        soc_title,
        matrix_year,
        entry_education,
        entry_education_status,
        work_experience,
        work_experience_status,
        on_the_job_training,
        on_the_job_training_status,
        load_id,
        row_number
    from landed
)

select * from ep_education
