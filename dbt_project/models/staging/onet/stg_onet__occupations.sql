with landed as (
    {{ landed('onet', 'occupations') }}
),

occupations as (
    select
        onet_edition,
        onet_soc_code,
        onet_title,
        onet_description,
        load_id,
        row_number,
        substring(onet_soc_code, 1, 7) as soc_code
    from landed
)

select * from occupations
