with organizations as (
    select * from {{ ref('dim_organization') }}
),

region_cesas as (
    select * from {{ ref('region_cesas') }}
),

-- People belong to a region by their district's service agency, never by county.
districts_of_regions as (
    select
        organizations.organization_code,
        region_cesas.region_scheme,
        region_cesas.region_code,
        region_cesas.valid_from,
        region_cesas.valid_to
    from organizations
    inner join region_cesas
        on organizations.cesa_code = region_cesas.cesa_code
    where organizations.organization_level = 'district'
)

select * from districts_of_regions
