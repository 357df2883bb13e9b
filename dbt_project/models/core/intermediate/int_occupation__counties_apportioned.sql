with projections as (
    select * from {{ ref('fct_projection') }}
),

memberships as (
    select * from {{ ref('bridge_area') }}
),

county_jobs as (
    select * from {{ ref('int_county__jobs_counted') }}
),

county_sectors as (
    select * from {{ ref('int_county__sectors_counted') }}
),

staffing as (
    select * from {{ ref('int_sector__occupations_staffed') }}
),

weight_years as (
    select * from {{ ref('int_projection__weight_year_chosen') }}
),

sector_totals as (
    select
        county_fips,
        calendar_year,
        count(*) as sector_count
    from county_sectors
    group by county_fips, calendar_year
),

-- Counties of today in their workforce areas, with their jobs.
counties as (
    select
        memberships.area_code as county_fips,
        memberships.parent_area_code as workforce_area_code,
        weight_years.weight_year,
        county_jobs.county_job_count,
        sector_totals.sector_count is not null as has_sectors
    from memberships
    inner join weight_years
        on weight_years.weight_year is not null
    left join county_jobs
        on
            memberships.area_code = county_jobs.county_fips
            and weight_years.weight_year = county_jobs.calendar_year
    left join sector_totals
        on
            memberships.area_code = sector_totals.county_fips
            and weight_years.weight_year = sector_totals.calendar_year
    where memberships.valid_to is null and memberships.parent_area_type = 'workforce_area'
),

-- What any workforce area publishes is asked of all: a row that is absent is no zero.
occupations as (
    select
        soc_vintage,
        soc_code
    from projections
    where area_type = 'workforce_area' and is_preferred and recorded_to is null
    group by soc_vintage, soc_code
),

-- Jobs that the occupation would have in each county, were its sectors staffed as the nation's.
county_staff as (
    select
        counties.county_fips,
        staffing.soc_vintage,
        staffing.soc_code,
        count(*) = count(county_sectors.sector_job_count) as is_every_sector_told,
        sum(county_sectors.sector_job_count * staffing.staffing_rate) as staff_count
    from counties
    inner join county_sectors
        on
            counties.county_fips = county_sectors.county_fips
            and counties.weight_year = county_sectors.calendar_year
    inner join staffing
        on county_sectors.naics_sector_code = staffing.naics_sector_code
    where staffing.staffing_rate > 0
    group by counties.county_fips, staffing.soc_vintage, staffing.soc_code
),

-- A county with sectors, but none that the occupation works in, has nobody of it; of an occupation
-- without a pattern no county has anybody.
occupation_counties as (
    select
        counties.county_fips,
        counties.workforce_area_code,
        counties.weight_year,
        counties.county_job_count,
        occupations.soc_vintage,
        occupations.soc_code,
        case
            when county_staff.is_every_sector_told then county_staff.staff_count
            when county_staff.county_fips is null and counties.has_sectors then 0
        end as staff_count
    from counties
    cross join occupations
    left join county_staff
        on
            counties.county_fips = county_staff.county_fips
            and occupations.soc_vintage = county_staff.soc_vintage
            and occupations.soc_code = county_staff.soc_code
),

area_counties as (
    select
        *,
        sum(county_job_count) over whole_area as area_job_count,
        sum(staff_count) over whole_area as area_staff_count,
        count(*) over whole_area = count(county_job_count) over whole_area as is_every_county_told,
        count(*) over whole_area = count(staff_count) over whole_area as is_every_county_staffed
    from occupation_counties
    window whole_area as (partition by workforce_area_code, soc_vintage, soc_code)
),

-- Of a workforce area with a county that is not told no part is known.
shares as (
    select
        county_fips,
        soc_vintage,
        soc_code,
        workforce_area_code,
        weight_year,
        cast(
            case
                when is_every_county_staffed and area_staff_count > 0
                    then staff_count / area_staff_count
                when is_every_county_told and area_job_count > 0
                    then cast(county_job_count as numeric(20, 10)) / area_job_count
            end as numeric(18, 15)
        ) as job_share,
        case
            when is_every_county_staffed and area_staff_count > 0 then 'industry'
            when is_every_county_told and area_job_count > 0 then 'all_jobs'
        end as job_share_basis
    from area_counties
)

select * from shares
