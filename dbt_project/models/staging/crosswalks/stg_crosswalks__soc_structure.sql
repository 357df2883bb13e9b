with landed as (
    {{ landed('crosswalks', 'soc_structure') }}
),

soc_structure_rows as (
    select
        load_id,
        row_number,
        '2018' as soc_vintage,
        trim(soc_title) as soc_title,
        coalesce(major_code, minor_code, broad_code, detailed_code) as soc_code,
        case
            when major_code is not null then 'major'
            when minor_code is not null then 'minor'
            when broad_code is not null then 'broad'
            else 'detailed'
        end as soc_level
    from landed
)

select * from soc_structure_rows
