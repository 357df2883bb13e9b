with organizations as (
    select * from {{ ref('dim_organization') }}
),

themselves as (
    select
        organization_code,
        organization_code as ancestor_organization_code,
        organization_level as ancestor_level
    from organizations
    where organization_level in ('school', 'district')
),

districts_of_schools as (
    select
        organization_code,
        district_code as ancestor_organization_code,
        'district' as ancestor_level
    from organizations
    where organization_level = 'school'
),

regions_above as (
    select
        organization_code,
        cesa_code as ancestor_organization_code,
        'region' as ancestor_level
    from organizations
    where organization_level in ('school', 'district')
),

states as (
    select organization_code as ancestor_organization_code
    from organizations
    where organization_level = 'state'
),

states_above as (
    select
        organizations.organization_code,
        states.ancestor_organization_code,
        'state' as ancestor_level
    from organizations
    cross join states
    where organizations.organization_level in ('school', 'district')
),

ancestors as (
    select * from themselves
    union all
    select * from districts_of_schools
    union all
    select * from regions_above
    union all
    select * from states_above
)

select * from ancestors
