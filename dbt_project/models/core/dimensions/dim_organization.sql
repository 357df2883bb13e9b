with reporting_state as (
    select * from {{ ref('reporting_state') }}
),

service_centers as (
    select * from {{ ref('stg_edfi__education_service_centers') }}
),

districts as (
    select * from {{ ref('stg_edfi__local_education_agencies') }}
),

schools as (
    select * from {{ ref('stg_edfi__schools') }}
),

programs as (
    select * from {{ ref('stg_edfi__programs') }}
),

-- A district takes part in career and technical education where it reports a program of it.
cte_districts as (
    select education_organization_id
    from programs
    where program_type = 'Career and Technical Education'
    group by education_organization_id
),

states as (
    select
        'state' as organization_level,
        organization_code,
        cast(null as text) as parent_organization_code,
        state_name as organization_name,
        cast(null as text) as cesa_code,
        cast(null as text) as district_code,
        cast(null as text) as school_code,
        cast(null as text) as region_scheme,
        true as is_open,
        cast(null as boolean) as has_cte_program
    from reporting_state
),

-- A district whose service agency is not known keeps a place, so that levels add up.
district_regions as (
    select
        districts.local_education_agency_id,
        districts.district_code,
        districts.organization_name,
        districts.operational_status,
        cte_districts.education_organization_id is not null as has_cte_program,
        coalesce(service_centers.cesa_code, 'CESA00') as cesa_code,
        coalesce(service_centers.organization_name, 'Service agency not known') as cesa_name
    from districts
    left join service_centers
        on districts.education_service_center_id = service_centers.education_service_center_id
    left join cte_districts
        on districts.local_education_agency_id = cte_districts.education_organization_id
),

regions as (
    select
        'region' as organization_level,
        district_regions.cesa_code as organization_code,
        reporting_state.organization_code as parent_organization_code,
        min(district_regions.cesa_name) as organization_name,
        district_regions.cesa_code,
        cast(null as text) as district_code,
        cast(null as text) as school_code,
        'cesa' as region_scheme,
        true as is_open,
        cast(null as boolean) as has_cte_program
    from district_regions
    cross join reporting_state
    group by district_regions.cesa_code, reporting_state.organization_code
),

district_rows as (
    select
        'district' as organization_level,
        district_code as organization_code,
        cesa_code as parent_organization_code,
        organization_name,
        cesa_code,
        district_code,
        cast(null as text) as school_code,
        cast(null as text) as region_scheme,
        coalesce(operational_status, '') not in ('Closed', 'Inactive') as is_open,
        has_cte_program
    from district_regions
),

school_rows as (
    select
        'school' as organization_level,
        district_regions.district_code || '-' || schools.school_code as organization_code,
        district_regions.district_code as parent_organization_code,
        schools.organization_name,
        district_regions.cesa_code,
        district_regions.district_code,
        schools.school_code,
        cast(null as text) as region_scheme,
        coalesce(schools.operational_status, '') not in ('Closed', 'Inactive') as is_open,
        district_regions.has_cte_program
    from schools
    inner join district_regions
        on schools.local_education_agency_id = district_regions.local_education_agency_id
),

organizations as (
    select * from states
    union all
    select * from regions
    union all
    select * from district_rows
    union all
    select * from school_rows
),

organizations_with_key as (
    select
        {{ surrogate_key(['organization_level', 'organization_code']) }} as organization_key,
        organization_level,
        organization_code,
        parent_organization_code,
        organization_name,
        cesa_code,
        district_code,
        school_code,
        region_scheme,
        is_open,
        has_cte_program
    from organizations
)

select * from organizations_with_key
