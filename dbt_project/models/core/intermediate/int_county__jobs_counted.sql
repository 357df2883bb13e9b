with industry_years as (
    select * from {{ ref('int_industry__years_averaged') }}
),

counties as (
    select * from {{ ref('counties') }}
),

told_counties as (
    select
        counties.county_fips,
        counties.state_fips,
        industry_years.calendar_year,
        industry_years.average_employment_count as county_job_count
    from counties
    inner join industry_years
        on
            counties.county_fips = industry_years.area_code
            and industry_years.area_type = 'county'
            and industry_years.naics_code = '10'
            and industry_years.ownership_code = '0'
            and industry_years.average_employment_count_status = 'reported'
),

state_counties as (
    select
        state_fips,
        count(*) as county_count
    from counties
    group by state_fips
),

county_jobs as (
    select
        told_counties.county_fips,
        told_counties.calendar_year,
        told_counties.county_job_count,
        count(*) over (
            partition by told_counties.state_fips, told_counties.calendar_year
        ) = state_counties.county_count as is_every_county_told
    from told_counties
    inner join state_counties
        on told_counties.state_fips = state_counties.state_fips
)

select * from county_jobs
