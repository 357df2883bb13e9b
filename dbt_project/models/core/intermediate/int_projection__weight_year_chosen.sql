with county_jobs as (
    select * from {{ ref('int_county__jobs_counted') }}
),

county_sectors as (
    select * from {{ ref('int_county__sectors_counted') }}
),

sector_totals as (
    select
        county_fips,
        calendar_year,
        count(*) as sector_count
    from county_sectors
    group by county_fips, calendar_year
),

told_years as (
    select
        county_jobs.calendar_year,
        bool_and(county_jobs.is_every_county_told) as is_every_county_told,
        count(*) = count(sector_totals.sector_count) as is_every_sector_known
    from county_jobs
    left join sector_totals
        on
            county_jobs.county_fips = sector_totals.county_fips
            and county_jobs.calendar_year = sector_totals.calendar_year
    group by county_jobs.calendar_year
),

chosen as (
    select
        coalesce(
            max(case when is_every_county_told and is_every_sector_known then calendar_year end),
            max(case when is_every_county_told then calendar_year end),
            max(calendar_year)
        ) as weight_year
    from told_years
)

select * from chosen
