with landed as (
    {{ landed('crosswalks', 'oews_onet') }}
),

oews_onet_rows as (
    select
        oews_code,
        onet_soc_code,
        soc_code_2010,
        load_id,
        row_number,
        trim(oews_title) as oews_title,
        trim(onet_title) as onet_title
    from landed
)

select * from oews_onet_rows
