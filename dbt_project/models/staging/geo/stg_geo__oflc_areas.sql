with landed as (
    {{ landed('geo', 'oflc_areas') }}
),

oflc_areas_rows as (
    select
        area_title,
        state_code,
        county_name,
        load_id,
        row_number,
        case when length(area_code) = 6 then '0' || area_code else area_code end as area_code,
        {{ has_foreign_letters('area_title || county_name') }} as is_encoding_doubtful
    from landed
)

select * from oflc_areas_rows
