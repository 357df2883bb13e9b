with landed as (
    {{ landed('geo', 'counties') }}
),

counties_rows as (
    select
        dnr_county_number,
        dnr_region,
        county_name,
        load_id,
        row_number,
        '55' || county_code as county_fips
    from landed
)

select * from counties_rows
