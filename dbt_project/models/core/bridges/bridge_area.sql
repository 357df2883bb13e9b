with region_counties as (
    select * from {{ ref('region_counties') }}
),

region_members as (
    select
        {{ surrogate_key(["'county'", 'county_fips', 'cast(null as integer)']) }} as area_key,
        {{ surrogate_key(['region_scheme', 'region_code', 'cast(null as integer)']) }}
            as parent_area_key,
        county_fips as area_code,
        region_scheme as parent_area_type,
        region_code as parent_area_code,
        valid_from,
        valid_to,
        is_primary,
        is_verified,
        case when region_scheme = 'workforce_area' then 'within' else 'member' end as relation,
        -- Counties are taken whole.
        cast(1 as numeric(9, 6)) as area_weight
    from region_counties
)

select * from region_members
