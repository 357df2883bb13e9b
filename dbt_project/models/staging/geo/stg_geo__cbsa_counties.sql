with landed as (
    {{ landed('geo', 'cbsa_counties') }}
),

cbsa_counties_rows as (
    select
        cbsa_vintage,
        cbsa_code,
        cbsa_title,
        metropolitan_division_code,
        csa_code,
        state_fips,
        county_name,
        load_id,
        row_number,
        state_fips || county_code as county_fips,
        case cbsa_type
            when 'Metropolitan Statistical Area' then 'metropolitan'
            else 'micropolitan'
        end as cbsa_type,
        central_or_outlying = 'Central' as is_central
    from landed
)

select * from cbsa_counties_rows
