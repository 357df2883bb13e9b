with landed as (
    {{ landed('crosswalks', 'soc_definitions') }}
),

soc_definitions_rows as (
    select
        soc_code,
        soc_definition,
        load_id,
        row_number,
        '2018' as soc_vintage,
        trim(soc_title) as soc_title,
        lower(soc_level) as soc_level
    from landed
)

select * from soc_definitions_rows
