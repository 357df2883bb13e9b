with landed as (
    {{ landed('geo', 'oews_areas') }}
),

oews_areas_rows as (
    select
        area_vintage,
        area_code,
        area_title,
        state_fips,
        county_name,
        load_id,
        row_number,
        state_fips || county_code as county_fips,
        coalesce(township_code, '000') as township_code,
        case when length(area_code) = 5 then '4' else '6' end as area_type_code
    from landed
)

select * from oews_areas_rows
