with regions as (
    select * from {{ ref('regions') }}
),

region_schemes as (
    select * from {{ ref('region_schemes') }}
),

regions_with_key as (
    select
        {{ surrogate_key(['regions.region_scheme', 'regions.region_code']) }} as region_key,
        regions.region_scheme,
        regions.region_code,
        regions.region_name,
        regions.valid_from,
        regions.valid_to,
        region_schemes.county_membership,
        region_schemes.district_membership,
        region_schemes.county_membership = 'partition' as adds_up_to_state
    from regions
    inner join region_schemes
        on regions.region_scheme = region_schemes.region_scheme
)

select * from regions_with_key
