with pairs as (
    select * from {{ ref('stg_crosswalks__cip_soc') }}
),

completions as (
    select * from {{ ref('fct_completions_agg') }}
),

crosswalk_programs as (
    select
        cip_vintage,
        cip_code,
        min(cip_title) as cip_title
    from pairs
    where cip_code != '99.9999'
    group by cip_vintage, cip_code
),

awarded_programs as (
    select
        cip_vintage,
        cip_code
    from completions
    group by cip_vintage, cip_code
),

-- Codes added after the crosswalk, and codes of earlier versions, have no title there.
known_programs as (
    select
        cip_vintage,
        cip_code
    from crosswalk_programs
    union
    select
        cip_vintage,
        cip_code
    from awarded_programs
),

programs as (
    select
        {{ surrogate_key(['known_programs.cip_vintage', 'known_programs.cip_code']) }}
            as program_key,
        known_programs.cip_code,
        known_programs.cip_vintage,
        coalesce(crosswalk_programs.cip_title, 'Title not in the loaded crosswalk') as cip_title,
        substring(known_programs.cip_code, 1, 2) as cip_family,
        -- Liberal arts prepare for transfer: never supply for an occupation.
        substring(known_programs.cip_code, 1, 2) = '24' as is_transfer_program
    from known_programs
    left join crosswalk_programs
        on
            known_programs.cip_vintage = crosswalk_programs.cip_vintage
            and known_programs.cip_code = crosswalk_programs.cip_code
)

select * from programs
