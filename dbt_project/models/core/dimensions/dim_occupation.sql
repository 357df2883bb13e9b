with pairs as (
    select * from {{ ref('stg_crosswalks__cip_soc') }}
),

listed_occupations as (
    select
        soc_vintage,
        soc_code,
        min(soc_title) as soc_title
    from pairs
    where soc_code <> '99-9999'
    group by soc_vintage, soc_code
),

occupations as (
    select
        {{ surrogate_key(['soc_vintage', 'soc_code']) }} as occupation_key,
        soc_code,
        soc_vintage,
        soc_title,
        substring(soc_code, 1, 2) || '-0000' as soc_major_group
    from listed_occupations
)

select * from occupations
