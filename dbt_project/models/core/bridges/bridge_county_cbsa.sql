with definitions as (
    select * from {{ ref('stg_geo__cbsa_counties') }}
),

cbsas as (
    select * from {{ ref('int_area__cbsas_followed') }}
),

states as (
    select * from {{ ref('states') }}
),

-- A workbook may be loaded under two names: the one loaded last counts.
ranked_counties as (
    select
        definitions.cbsa_vintage,
        definitions.county_fips,
        definitions.cbsa_code,
        definitions.cbsa_type,
        definitions.is_central,
        row_number() over (
            partition by definitions.cbsa_vintage, definitions.county_fips
            order by definitions.load_id desc
        ) as place
    from definitions
    inner join states
        on definitions.state_fips = states.state_fips
),

county_cbsas as (
    select
        {{ surrogate_key(["'cbsa'", 'ranked_counties.cbsa_code', 'ranked_counties.cbsa_vintage']) }}
            as area_key,
        ranked_counties.cbsa_vintage,
        ranked_counties.county_fips,
        ranked_counties.cbsa_code,
        cbsas.valid_from,
        cbsas.valid_to,
        ranked_counties.cbsa_type,
        ranked_counties.is_central
    from ranked_counties
    inner join cbsas
        on
            ranked_counties.cbsa_code = cbsas.cbsa_code
            and ranked_counties.cbsa_vintage = cbsas.cbsa_vintage
    where ranked_counties.place = 1
)

select * from county_cbsas
