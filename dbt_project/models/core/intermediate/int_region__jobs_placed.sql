with county_areas as (
    select * from {{ ref('bridge_county_oews_area') }}
),

memberships as (
    select * from {{ ref('bridge_area') }}
),

county_jobs as (
    select * from {{ ref('int_county__jobs_counted') }}
),

area_vintages as (
    select area_vintage
    from county_areas
    group by area_vintage
),

-- Jobs of the vintage's own year; of the last year before where it is not out, else of the first.
weight_years as (
    select
        area_vintages.area_vintage,
        coalesce(
            max(
                case
                    when county_jobs.calendar_year <= area_vintages.area_vintage
                        then county_jobs.calendar_year
                end
            ),
            min(county_jobs.calendar_year)
        ) as weight_year
    from area_vintages
    cross join county_jobs
    group by area_vintages.area_vintage
),

-- Jobs of a region in each area of the wage survey: counties are taken whole.
region_area_jobs as (
    select
        memberships.parent_area_type as area_type,
        memberships.parent_area_code as area_code,
        county_areas.area_vintage,
        county_areas.area_code as survey_area_code,
        county_areas.area_type as survey_area_type,
        weight_years.weight_year,
        cast(
            sum(county_jobs.county_job_count * county_areas.area_weight) as numeric(18, 6)
        ) as job_count
    from memberships
    inner join county_areas
        on memberships.area_code = county_areas.county_fips
    inner join weight_years
        on county_areas.area_vintage = weight_years.area_vintage
    inner join county_jobs
        on
            memberships.area_code = county_jobs.county_fips
            and weight_years.weight_year = county_jobs.calendar_year
    where memberships.valid_to is null
    group by
        memberships.parent_area_type,
        memberships.parent_area_code,
        county_areas.area_vintage,
        county_areas.area_code,
        county_areas.area_type,
        weight_years.weight_year
),

-- A county whose jobs are not told leaves its region without weights.
known_regions as (
    select
        memberships.parent_area_type as area_type,
        memberships.parent_area_code as area_code,
        weight_years.area_vintage
    from memberships
    cross join weight_years
    left join county_jobs
        on
            memberships.area_code = county_jobs.county_fips
            and weight_years.weight_year = county_jobs.calendar_year
    where memberships.valid_to is null
    group by
        memberships.parent_area_type,
        memberships.parent_area_code,
        weight_years.area_vintage
    having count(*) = count(county_jobs.county_job_count)
),

region_jobs as (
    select
        region_area_jobs.area_type,
        region_area_jobs.area_code,
        region_area_jobs.area_vintage,
        region_area_jobs.survey_area_type,
        region_area_jobs.survey_area_code,
        region_area_jobs.weight_year,
        region_area_jobs.job_count,
        cast(
            sum(region_area_jobs.job_count) over (
                partition by
                    region_area_jobs.area_type,
                    region_area_jobs.area_code,
                    region_area_jobs.area_vintage
            ) as numeric(18, 6)
        ) as region_job_count
    from region_area_jobs
    inner join known_regions
        on
            region_area_jobs.area_type = known_regions.area_type
            and region_area_jobs.area_code = known_regions.area_code
            and region_area_jobs.area_vintage = known_regions.area_vintage
)

select * from region_jobs
