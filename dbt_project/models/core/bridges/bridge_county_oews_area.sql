with definitions as (
    select * from {{ ref('stg_geo__oews_areas') }}
),

states as (
    select * from {{ ref('states') }}
),

-- A workbook may be loaded under two names: the one loaded last counts.
ranked_townships as (
    select
        definitions.area_vintage,
        definitions.county_fips,
        definitions.area_code,
        definitions.area_type_code,
        row_number() over (
            partition by
                definitions.area_vintage, definitions.county_fips, definitions.township_code
            order by definitions.load_id desc
        ) as place
    from definitions
    inner join states
        on definitions.state_fips = states.state_fips
),

counted_townships as (
    select
        area_vintage,
        county_fips,
        area_code,
        case when area_type_code = '4' then 'metropolitan' else 'nonmetropolitan' end as area_type,
        count(*) as township_count
    from ranked_townships
    where place = 1
    group by area_vintage, county_fips, area_code, area_type_code
),

weighted_counties as (
    select
        *,
        sum(township_count) over (partition by area_vintage, county_fips) as county_townships
    from counted_townships
),

-- A county is in one area, but for New England, where its townships may be in several.
county_oews_areas as (
    select
        {{ surrogate_key(['area_vintage', 'county_fips', 'area_code']) }} as county_oews_area_key,
        {{ surrogate_key(['area_type', 'area_code', 'area_vintage']) }} as area_key,
        area_vintage,
        county_fips,
        area_type,
        area_code,
        cast(1.0 * township_count / county_townships as numeric(9, 6)) as area_weight,
        case
            when township_count = county_townships then 'whole'
            else 'township_count'
        end as weight_method
    from weighted_counties
)

select * from county_oews_areas
