with listed_programs as (
    select * from {{ ref('stg_crosswalks__cip_2010_2020') }}
),

-- Programs of six digits; a file may be loaded under two names.
ranked_programs as (
    select
        *,
        row_number() over (
            partition by from_cip_vintage, from_cip_code, to_cip_vintage, to_cip_code
            order by load_id desc
        ) as place
    from listed_programs
    where length(coalesce(from_cip_code, to_cip_code)) = 7
),

-- A deleted program stands with its own code and tells where to report it: there it has merged.
followed_programs as (
    select
        from_cip_vintage,
        from_cip_code,
        to_cip_vintage,
        from_cip_title,
        cip_action,
        case
            when cip_action != 'Deleted' then to_cip_code
            when to_cip_title like 'Deleted, report under %' then substring(to_cip_title, 23, 7)
        end as to_cip_code,
        case when cip_action != 'Deleted' then to_cip_title end as to_cip_title
    from ranked_programs
    where place = 1
),

titles as (
    select
        to_cip_vintage,
        to_cip_code,
        min(to_cip_title) as to_cip_title
    from followed_programs
    where to_cip_title is not null
    group by to_cip_vintage, to_cip_code
),

successors as (
    select
        to_cip_vintage,
        to_cip_code
    from followed_programs
    where from_cip_code is not null and to_cip_code is not null
    group by to_cip_vintage, to_cip_code
),

-- A code that a deleted program went to is listed as new, and has a predecessor.
pairs as (
    select
        followed_programs.from_cip_vintage,
        followed_programs.from_cip_code,
        followed_programs.from_cip_title,
        followed_programs.cip_action,
        followed_programs.to_cip_vintage,
        followed_programs.to_cip_code,
        titles.to_cip_title
    from followed_programs
    left join titles
        on
            followed_programs.to_cip_vintage = titles.to_cip_vintage
            and followed_programs.to_cip_code = titles.to_cip_code
    left join successors
        on
            followed_programs.to_cip_vintage = successors.to_cip_vintage
            and followed_programs.to_cip_code = successors.to_cip_code
    where followed_programs.from_cip_code is not null or successors.to_cip_code is null
),

related_pairs as (
    select
        *,
        case
            when cip_action = 'Deleted' and to_cip_code is not null then 'merged'
            else {{ vintage_relation('from_cip_vintage, to_cip_vintage', 'cip') }}
        end as vintage_relation,
        {{ vintage_weight('from_cip_vintage, to_cip_vintage', 'cip') }} as vintage_weight
    from pairs
),

cip_vintage_pairs as (
    select
        {{ surrogate_key(['from_cip_vintage', 'from_cip_code', 'to_cip_vintage', 'to_cip_code']) }}
            as cip_vintage_key,
        from_cip_vintage,
        from_cip_code,
        to_cip_vintage,
        to_cip_code,
        from_cip_title,
        to_cip_title,
        vintage_relation,
        vintage_weight,
        {{ weight_method('vintage_relation') }} as weight_method
    from related_pairs
)

select * from cip_vintage_pairs
