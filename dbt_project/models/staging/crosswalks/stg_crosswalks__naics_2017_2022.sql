with landed as (
    {{ landed('crosswalks', 'naics_2017_2022') }}
),

naics_2017_2022_rows as (
    select
        naics_code_2017 as from_naics_code,
        naics_code_2022 as to_naics_code,
        load_id,
        row_number,
        '2017' as from_naics_vintage,
        '2022' as to_naics_vintage,
        trim(naics_title_2017) as from_naics_title,
        trim(naics_title_2022) as to_naics_title
    from landed
)

select * from naics_2017_2022_rows
