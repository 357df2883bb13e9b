with definitions as (
    select * from {{ ref('stg_geo__cbsa_counties') }}
),

cbsas as (
    select * from {{ ref('int_area__cbsas_followed') }}
),

states as (
    select * from {{ ref('states') }}
),

-- A list may be loaded under two names: the one loaded last counts, whole. A county in no area has
-- no row in it.
newest_lists as (
    select
        cbsa_vintage,
        max(load_id) as load_id
    from definitions
    group by cbsa_vintage
),

listed_counties as (
    select
        definitions.cbsa_vintage,
        definitions.county_fips,
        definitions.cbsa_code,
        definitions.cbsa_type,
        definitions.is_central
    from definitions
    inner join newest_lists
        on definitions.load_id = newest_lists.load_id
    inner join states
        on definitions.state_fips = states.state_fips
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
)

select * from county_cbsas
