with definitions as (
    select * from {{ ref('stg_geo__cbsa_counties') }}
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
        definitions.cbsa_title,
        definitions.cbsa_type,
        definitions.is_central,
        states.state_code
    from definitions
    inner join newest_lists
        on definitions.load_id = newest_lists.load_id
    left join states
        on definitions.state_fips = states.state_fips
)

select * from listed_counties
