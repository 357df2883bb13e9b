with landed as (
    {{ landed('crosswalks', 'oews_hybrid') }}
),

oews_hybrid_rows as (
    select
        soc_code_2018,
        oews_code_2018,
        soc_code_2010,
        oews_code_2019 as hybrid_soc_code,
        load_id,
        row_number,
        trim(oews_title_2019) as hybrid_soc_title,
        trim(soc_title_2018) as soc_title_2018,
        trim(oews_title_2018) as oews_title_2018,
        trim(soc_title_2010) as soc_title_2010
    from landed
)

select * from oews_hybrid_rows
