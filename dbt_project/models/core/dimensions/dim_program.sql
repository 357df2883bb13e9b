with pairs as (
    select * from {{ ref('stg_crosswalks__cip_soc') }}
),

listed_programs as (
    select
        cip_vintage,
        cip_code,
        min(cip_title) as cip_title
    from pairs
    where cip_code <> '99.9999'
    group by cip_vintage, cip_code
),

programs as (
    select
        {{ surrogate_key(['cip_vintage', 'cip_code']) }} as program_key,
        cip_code,
        cip_vintage,
        cip_title,
        substring(cip_code, 1, 2) as cip_family,
        -- Liberal arts prepare for transfer: never supply for an occupation.
        substring(cip_code, 1, 2) = '24' as is_transfer_program
    from listed_programs
)

select * from programs
