with listed_counties as (
    select * from {{ ref('int_area__cbsa_counties_listed') }}
),

delineations as (
    select * from {{ ref('cbsa_delineations') }}
),

cbsas as (
    select
        cbsa_code,
        cbsa_vintage,
        min(cbsa_title) as cbsa_title,
        -- It counts to the first state of its name, as an area of the wage survey does.
        nullif(substring(split_part(min(cbsa_title), ', ', 2), 1, 2), '') as state_code,
        count(state_code) > 0 as is_in_scope,
        count(*) as county_count,
        {{ joined_text("county_fips", " ") }} as members
    from listed_counties
    group by cbsa_code, cbsa_vintage
),

compared_cbsas as (
    select
        *,
        case
            when
                lag(members) over (partition by cbsa_code order by cbsa_vintage) = members
                then 0
            else 1
        end as is_redrawn
    from cbsas
),

-- Each redrawing begins a stretch of vintages with the same counties.
stretches as (
    select
        *,
        sum(is_redrawn) over (partition by cbsa_code order by cbsa_vintage) as stretch
    from compared_cbsas
),

followed_cbsas as (
    select
        stretches.cbsa_code,
        stretches.cbsa_vintage,
        stretches.cbsa_title,
        stretches.state_code,
        stretches.county_count,
        stretches.is_in_scope,
        delineations.valid_from,
        delineations.valid_to,
        min(stretches.cbsa_vintage) over (partition by stretches.cbsa_code, stretches.stretch)
            as delineated_since
    from stretches
    left join delineations
        on stretches.cbsa_vintage = delineations.cbsa_vintage
)

select * from followed_cbsas
