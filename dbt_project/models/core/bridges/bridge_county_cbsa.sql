with listed_counties as (
    select * from {{ ref('int_area__cbsa_counties_listed') }}
),

cbsas as (
    select * from {{ ref('int_area__cbsas_followed') }}
),

county_cbsas as (
    select
        {{ surrogate_key(["'cbsa'", 'listed_counties.cbsa_code', 'listed_counties.cbsa_vintage']) }}
            as area_key,
        listed_counties.cbsa_vintage,
        listed_counties.county_fips,
        listed_counties.cbsa_code,
        cbsas.valid_from,
        cbsas.valid_to,
        listed_counties.cbsa_type,
        listed_counties.is_central
    from listed_counties
    inner join cbsas
        on
            listed_counties.cbsa_code = cbsas.cbsa_code
            and listed_counties.cbsa_vintage = cbsas.cbsa_vintage
    where listed_counties.state_code is not null
)

select * from county_cbsas
