with definitions as (
    select * from {{ ref('stg_geo__oews_areas') }}
),

states as (
    select * from {{ ref('states') }}
),

-- A workbook may be loaded under two names: the one loaded last counts.
ranked_townships as (
    select
        definitions.*,
        states.state_code,
        row_number() over (
            partition by
                definitions.area_vintage, definitions.county_fips, definitions.township_code
            order by definitions.load_id desc
        ) as place
    from definitions
    left join states
        on definitions.state_fips = states.state_fips
),

areas as (
    select
        area_vintage,
        area_code,
        area_type_code,
        min(area_title) as area_name,
        -- A metropolitan area counts to the first state of its name, as in the wages.
        case
            when area_type_code = '4'
                then nullif(substring(split_part(min(area_title), ', ', 2), 1, 2), '')
            else min(state_code)
        end as state_code,
        count(state_code) > 0 as is_in_scope,
        count(distinct county_fips) as county_count,
        {{ joined_text("county_fips || township_code", " ") }} as members
    from ranked_townships
    where place = 1
    group by area_vintage, area_code, area_type_code
),

compared_areas as (
    select
        *,
        case
            when
                lag(members) over (partition by area_code order by area_vintage) = members
                then 0
            else 1
        end as is_redrawn
    from areas
),

-- Each redrawing begins a stretch of vintages with the same counties.
stretches as (
    select
        *,
        sum(is_redrawn) over (partition by area_code order by area_vintage) as stretch
    from compared_areas
),

followed_areas as (
    select
        area_code,
        area_vintage,
        area_type_code,
        area_name,
        state_code,
        county_count,
        is_in_scope,
        case area_type_code
            when '4' then 'metropolitan'
            else 'nonmetropolitan'
        end as area_type,
        min(area_vintage) over (partition by area_code, stretch) as delineated_since
    from stretches
)

select * from followed_areas
