with projections as (
    select * from {{ ref('fct_projection') }}
),

memberships as (
    select * from {{ ref('bridge_area') }}
),

industry_years as (
    select * from {{ ref('int_industry__years_averaged') }}
),

county_jobs as (
    select
        area_code as county_fips,
        calendar_year,
        average_employment_count as job_count,
        max(calendar_year) over () as newest_year
    from industry_years
    where
        area_type = 'county'
        and naics_code = '10'
        and ownership_code = '0'
        and average_employment_count_status = 'reported'
),

-- Counties of today, with their jobs in the newest year that is out.
county_memberships as (
    select
        memberships.area_code as county_fips,
        memberships.parent_area_type,
        memberships.parent_area_code,
        county_jobs.job_count,
        county_jobs.calendar_year as weight_year
    from memberships
    inner join county_jobs
        on
            memberships.area_code = county_jobs.county_fips
            and county_jobs.calendar_year = county_jobs.newest_year
    where memberships.valid_to is null
),

workforce_area_shares as (
    select
        county_fips,
        parent_area_code as workforce_area_code,
        cast(job_count as numeric(20, 10))
        / nullif(sum(job_count) over (partition by parent_area_code), 0) as job_share
    from county_memberships
    where parent_area_type = 'workforce_area'
),

-- The part of each workforce area's jobs that is in the region.
region_shares as (
    select
        county_memberships.parent_area_type as area_type,
        county_memberships.parent_area_code as area_code,
        workforce_area_shares.workforce_area_code,
        max(county_memberships.weight_year) as weight_year,
        sum(workforce_area_shares.job_share) as job_share
    from county_memberships
    inner join workforce_area_shares
        on county_memberships.county_fips = workforce_area_shares.county_fips
    where county_memberships.parent_area_type != 'workforce_area'
    group by
        county_memberships.parent_area_type,
        county_memberships.parent_area_code,
        workforce_area_shares.workforce_area_code
),

published as (
    select *
    from projections
    where area_type = 'workforce_area' and is_preferred and recorded_to is null
),

summed as (
    select
        region_shares.area_type,
        region_shares.area_code,
        published.soc_vintage,
        published.soc_code,
        published.horizon,
        published.base_year,
        published.projected_year,
        published.publication_name,
        max(published.recorded_from) as recorded_from,
        max(region_shares.weight_year) as weight_year,
        sum(region_shares.job_share * published.base_employment_count) as base_employment_count,
        sum(region_shares.job_share * published.projected_employment_count)
            as projected_employment_count,
        sum(region_shares.job_share * published.exits_count) as exits_count,
        sum(region_shares.job_share * published.transfers_count) as transfers_count,
        sum(region_shares.job_share * published.openings_count) as openings_count,
        -- One part that is not told leaves the whole untold.
        max(
            case
                when published.openings_count is null then published.openings_count_status
                when published.exits_count is null then published.exits_count_status
                when published.transfers_count is null then published.transfers_count_status
                when published.base_employment_count is null
                    then published.base_employment_count_status
                when published.projected_employment_count is null
                    then published.projected_employment_count_status
            end
        ) as untold_status
    from region_shares
    inner join published
        on region_shares.workforce_area_code = published.area_code
    group by
        region_shares.area_type,
        region_shares.area_code,
        published.soc_vintage,
        published.soc_code,
        published.horizon,
        published.base_year,
        published.projected_year,
        published.publication_name
),

region_projections as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        recorded_from,
        weight_year,
        coalesce(untold_status, 'reported') as region_status,
        case when untold_status is null then cast(round(base_employment_count, 0) as bigint) end
            as base_employment_count,
        case
            when untold_status is null then cast(round(projected_employment_count, 0) as bigint)
        end as projected_employment_count,
        case when untold_status is null then cast(round(exits_count, 0) as bigint) end
            as exits_count,
        case when untold_status is null then cast(round(transfers_count, 0) as bigint) end
            as transfers_count,
        case when untold_status is null then cast(round(openings_count, 0) as bigint) end
            as openings_count
    from summed
)

select * from region_projections
