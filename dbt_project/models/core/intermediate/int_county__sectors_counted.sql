with industry_years as (
    select * from {{ ref('int_industry__years_averaged') }}
),

industries as (
    select * from {{ ref('dim_industry') }}
),

county_jobs as (
    select * from {{ ref('int_county__jobs_counted') }}
),

county_cells as (
    select
        industry_years.area_code as county_fips,
        industry_years.calendar_year,
        industry_years.ownership_code,
        industry_years.naics_code,
        industries.naics_sector_code,
        industries.industry_level,
        industry_years.establishment_count,
        cast(industry_years.average_employment_count as numeric(20, 6)) as job_count,
        county_jobs.county_job_count
    from industry_years
    inner join industries
        on
            industry_years.naics_vintage = industries.naics_vintage
            and industry_years.naics_code = industries.naics_code
    inner join county_jobs
        on
            industry_years.area_code = county_jobs.county_fips
            and industry_years.calendar_year = county_jobs.calendar_year
    where
        industry_years.area_type = 'county'
        and industry_years.ownership_code in ('1', '2', '3', '5')
),

owner_sums as (
    select
        county_fips,
        calendar_year,
        ownership_code,
        max(county_job_count) as county_job_count,
        max(case when industry_level = 'total' then job_count end) as owner_job_count,
        coalesce(sum(case when industry_level = 'sector' then job_count end), 0) as told_job_count,
        sum(case when industry_level = 'sector' and job_count is null then establishment_count end)
            as untold_establishment_count,
        count(case when industry_level = 'sector' then 1 end) as sector_count,
        max(case when industry_level = 'total' then establishment_count end)
        - coalesce(sum(case when industry_level = 'sector' then establishment_count end), 0)
            as absent_establishment_count
    from county_cells
    group by county_fips, calendar_year, ownership_code
),

-- Establishments are never withheld: those of an owner's sectors are its total but for rounding.
-- Where they are not, some sectors were not taken: slices by hand have few industries.
partial_counties as (
    select
        county_fips,
        calendar_year
    from owner_sums
    where absent_establishment_count > sector_count
    group by county_fips, calendar_year
),

-- What an owner has in the county more than its told sectors is what its withheld ones hide. Owners
-- whose jobs are withheld as well share what the county has more than all that is told.
untold_sums as (
    select
        county_fips,
        calendar_year,
        ownership_code,
        case
            when owner_job_count is null
                then
                    greatest(
                        county_job_count
                        - sum(coalesce(owner_job_count, told_job_count)) over whole_county,
                        0
                    )
            else greatest(owner_job_count - told_job_count, 0)
        end as untold_job_count,
        case
            when owner_job_count is null
                then
                    sum(case when owner_job_count is null then untold_establishment_count end)
                        over whole_county
            else untold_establishment_count
        end as untold_establishment_count
    from owner_sums
    window whole_county as (partition by county_fips, calendar_year)
),

sector_cells as (
    select
        county_cells.county_fips,
        county_cells.calendar_year,
        county_cells.ownership_code,
        county_cells.naics_sector_code,
        county_cells.establishment_count,
        coalesce(
            county_cells.job_count,
            case when untold_sums.untold_job_count = 0 then 0 end,
            untold_sums.untold_job_count
            * county_cells.establishment_count
            / nullif(untold_sums.untold_establishment_count, 0)
        ) as job_count
    from county_cells
    inner join untold_sums
        on
            county_cells.county_fips = untold_sums.county_fips
            and county_cells.calendar_year = untold_sums.calendar_year
            and county_cells.ownership_code = untold_sums.ownership_code
    where county_cells.industry_level = 'sector'
),

-- Whom the survey has with private employers, by its sheet of fields (May 2024): hospitals of
-- states and localities (owners 58), local gambling and casino hotels (57), the post (59).
joined_parts as (
    select
        county_cells.county_fips,
        county_cells.calendar_year,
        county_cells.ownership_code,
        county_cells.naics_sector_code,
        coalesce(
            county_cells.job_count,
            sector_cells.job_count
            * county_cells.establishment_count
            / nullif(sector_cells.establishment_count, 0)
        ) as job_count
    from county_cells
    inner join sector_cells
        on
            county_cells.county_fips = sector_cells.county_fips
            and county_cells.calendar_year = sector_cells.calendar_year
            and county_cells.ownership_code = sector_cells.ownership_code
            and county_cells.naics_sector_code = sector_cells.naics_sector_code
    where
        (county_cells.ownership_code in ('2', '3') and county_cells.naics_code = '622')
        or (county_cells.ownership_code = '3' and county_cells.naics_code in ('7132', '72112'))
        or (county_cells.ownership_code = '1' and county_cells.naics_code = '491')
),

-- Schools of states and localities are with the private ones (owners 235), all other government is
-- the sector 99. In the census 99 is unclassified private employers: those are in none.
survey_cells as (
    select
        county_fips,
        calendar_year,
        naics_sector_code,
        job_count
    from joined_parts
    union all
    select
        sector_cells.county_fips,
        sector_cells.calendar_year,
        case
            when
                sector_cells.ownership_code = '5'
                or (
                    sector_cells.ownership_code in ('2', '3')
                    and sector_cells.naics_sector_code = '61'
                )
                then sector_cells.naics_sector_code
            else '99'
        end as naics_sector_code,
        case
            when joined_parts.job_count > sector_cells.job_count then 0
            else sector_cells.job_count - coalesce(joined_parts.job_count, 0)
        end as job_count
    from sector_cells
    left join joined_parts
        on
            sector_cells.county_fips = joined_parts.county_fips
            and sector_cells.calendar_year = joined_parts.calendar_year
            and sector_cells.ownership_code = joined_parts.ownership_code
            and sector_cells.naics_sector_code = joined_parts.naics_sector_code
    where not (sector_cells.ownership_code = '5' and sector_cells.naics_sector_code = '99')
),

sector_jobs as (
    select
        survey_cells.county_fips,
        survey_cells.calendar_year,
        survey_cells.naics_sector_code,
        cast(
            case
                when count(*) = count(survey_cells.job_count) then sum(survey_cells.job_count)
            end as numeric(20, 6)
        ) as sector_job_count
    from survey_cells
    left join partial_counties
        on
            survey_cells.county_fips = partial_counties.county_fips
            and survey_cells.calendar_year = partial_counties.calendar_year
    where partial_counties.county_fips is null
    group by
        survey_cells.county_fips, survey_cells.calendar_year, survey_cells.naics_sector_code
)

select * from sector_jobs
