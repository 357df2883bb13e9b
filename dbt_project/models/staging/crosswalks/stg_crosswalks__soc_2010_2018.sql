with landed as (
    {{ landed('crosswalks', 'soc_2010_2018') }}
),

soc_2010_2018_rows as (
    select
        soc_code_2010 as from_soc_code,
        soc_code_2018 as to_soc_code,
        load_id,
        row_number,
        '2010' as from_soc_vintage,
        '2018' as to_soc_vintage,
        trim(replace(replace(soc_title_2010, '(##)', ''), '(#)', '')) as from_soc_title,
        trim(replace(replace(soc_title_2018, '(##)', ''), '(#)', '')) as to_soc_title
    from landed
)

select * from soc_2010_2018_rows
