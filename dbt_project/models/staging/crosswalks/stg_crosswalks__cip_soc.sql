with landed as (
    {{ landed('crosswalks', 'cip_soc') }}
),

pairs as (
    select
        cip_code,
        soc_code,
        '2020' as cip_vintage,
        '2018' as soc_vintage,
        -- The publisher closes titles of programs with a full stop.
        rtrim(trim(cip_title), '.') as cip_title,
        trim(soc_title) as soc_title,
        load_id,
        row_number
    from landed
)

select * from pairs
