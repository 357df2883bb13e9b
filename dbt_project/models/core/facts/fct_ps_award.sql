with awards as (
    select * from {{ ref('stg_nsc__degrees') }}
),

links as (
    select * from {{ source('identity', 'nsc_link') }}
),

ranked_awards as (
    select
        links.student_key,
        awards.college_code,
        awards.graduation_date,
        awards.degree_title,
        awards.degree_cip,
        awards.college_name,
        awards.college_state,
        awards.institution_level,
        awards.institution_control,
        row_number() over (
            partition by
                links.student_key,
                awards.college_code,
                awards.graduation_date,
                awards.degree_title
            order by awards.load_id desc, awards.row_number asc
        ) as place
    from awards
    inner join links
        on awards.nsc_return_id = links.nsc_return_id
),

ps_awards as (
    select
        {{ surrogate_key(['student_key', 'college_code', 'graduation_date', 'degree_title']) }}
            as postsecondary_award_key,
        student_key,
        college_code,
        graduation_date,
        degree_title,
        college_name,
        college_state,
        institution_level,
        institution_control,
        -- The clearinghouse writes programs as six digits without the point.
        case
            when length(degree_cip) = 6
                then substring(degree_cip, 1, 2) || '.' || substring(degree_cip, 3, 4)
            else degree_cip
        end as cip_code
    from ranked_awards
    where place = 1
)

select * from ps_awards
