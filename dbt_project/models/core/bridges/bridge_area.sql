with region_counties as (
    select * from {{ ref('region_counties') }}
),

-- Memberships of one kind that hold at the same time divide the county.
shared_counties as (
    select
        memberships.region_scheme,
        memberships.region_code,
        memberships.county_fips,
        count(*) as region_count
    from region_counties as memberships
    inner join region_counties as overlapping_ones
        on
            memberships.region_scheme = overlapping_ones.region_scheme
            and memberships.county_fips = overlapping_ones.county_fips
            and memberships.valid_from
            <= coalesce(overlapping_ones.valid_to, memberships.valid_from)
            and coalesce(memberships.valid_to, overlapping_ones.valid_from)
            >= overlapping_ones.valid_from
    group by memberships.region_scheme, memberships.region_code, memberships.county_fips
),

region_members as (
    select
        {{ surrogate_key(["'county'", 'region_counties.county_fips', 'cast(null as integer)']) }}
            as area_key,
        {{ surrogate_key([
            'region_counties.region_scheme',
            'region_counties.region_code',
            'cast(null as integer)',
        ]) }} as parent_area_key,
        region_counties.county_fips as area_code,
        region_counties.region_scheme as parent_area_type,
        region_counties.region_code as parent_area_code,
        region_counties.valid_from,
        region_counties.valid_to,
        region_counties.is_primary,
        region_counties.is_verified,
        case when region_counties.region_scheme = 'workforce_area' then 'within' else 'member' end
            as relation,
        cast(1.0 / shared_counties.region_count as numeric(9, 6)) as area_weight,
        case when shared_counties.region_count = 1 then 'whole' else 'equal_split' end
            as weight_method
    from region_counties
    inner join shared_counties
        on
            region_counties.region_scheme = shared_counties.region_scheme
            and region_counties.region_code = shared_counties.region_code
            and region_counties.county_fips = shared_counties.county_fips
)

select * from region_members
