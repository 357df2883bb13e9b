with landed as (
    {{ landed('crosswalks', 'cip_2010_2020') }}
),

cip_2010_2020_rows as (
    select
        cip_code_2010 as from_cip_code,
        cip_code_2020 as to_cip_code,
        action as cip_action,
        load_id,
        row_number,
        '2010' as from_cip_vintage,
        '2020' as to_cip_vintage,
        trim(trailing '.' from trim(cip_title_2010)) as from_cip_title,
        trim(trailing '.' from trim(cip_title_2020)) as to_cip_title
    from landed
)

select * from cip_2010_2020_rows
