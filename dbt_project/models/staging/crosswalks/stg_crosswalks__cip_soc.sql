with landed as (
    {{ landed('crosswalks', 'cip_soc') }}
),

pairs as (
    select
        cip_code,
        soc_code,
        load_id,
        row_number,
        '2020' as cip_vintage,
        '2018' as soc_vintage,
        -- The publisher closes titles of programs with a full stop.
        trim(trailing '.' from trim(cip_title)) as cip_title,
        trim(soc_title) as soc_title
    from landed
)

select * from pairs
