with industry_years as (
    select * from {{ ref('int_industry__years_averaged') }}
),

industries as (
    select * from {{ ref('dim_industry') }}
),

county_jobs as (
    select * from {{ ref('int_county__jobs_counted') }}
),

-- The employment census tells owners apart; the wage survey's sectors have several. Private
-- employers that are not classified (99 in the census) are in none of them.
sector_cells as (
    select
        industry_years.area_code as county_fips,
        industry_years.calendar_year,
        industry_years.establishment_count,
        industry_years.average_employment_count,
        county_jobs.county_job_count,
        case
            when industry_years.ownership_code = '5' and industry_years.naics_code = '99' then null
            when industry_years.ownership_code = '5' then industry_years.naics_code
            when
                industry_years.ownership_code in ('2', '3')
                and industry_years.naics_code in ('61', '62')
                then industry_years.naics_code
            when industry_years.ownership_code = '1' and industry_years.naics_code = '48-49'
                then industry_years.naics_code
            else '99'
        end as naics_sector_code
    from industry_years
    inner join industries
        on
            industry_years.naics_vintage = industries.naics_vintage
            and industry_years.naics_code = industries.naics_code
            and industries.industry_level = 'sector'
    inner join county_jobs
        on
            industry_years.area_code = county_jobs.county_fips
            and industry_years.calendar_year = county_jobs.calendar_year
    where
        industry_years.area_type = 'county'
        and industry_years.ownership_code in ('1', '2', '3', '5')
),

-- What a county has more than its told sectors, is what the withheld ones hide.
untold_sums as (
    select
        county_fips,
        calendar_year,
        greatest(max(county_job_count) - coalesce(sum(average_employment_count), 0), 0)
            as untold_job_count,
        sum(case when average_employment_count is null then establishment_count end)
            as untold_establishment_count
    from sector_cells
    group by county_fips, calendar_year
),

estimated_cells as (
    select
        sector_cells.county_fips,
        sector_cells.calendar_year,
        sector_cells.naics_sector_code,
        coalesce(
            cast(sector_cells.average_employment_count as numeric(20, 6)),
            cast(untold_sums.untold_job_count as numeric(20, 6))
            * sector_cells.establishment_count
            / nullif(untold_sums.untold_establishment_count, 0)
        ) as job_count
    from sector_cells
    inner join untold_sums
        on
            sector_cells.county_fips = untold_sums.county_fips
            and sector_cells.calendar_year = untold_sums.calendar_year
    where sector_cells.naics_sector_code is not null
),

sector_jobs as (
    select
        county_fips,
        calendar_year,
        naics_sector_code,
        cast(
            case when count(*) = count(job_count) then sum(job_count) end as numeric(20, 6)
        ) as sector_job_count
    from estimated_cells
    group by county_fips, calendar_year, naics_sector_code
)

select * from sector_jobs
