{% set measures = [
    'base_employment_count', 'projected_employment_count', 'exits_count', 'transfers_count',
    'openings_count'
] %}

with projections as (
    select * from {{ ref('fct_projection') }}
),

memberships as (
    select * from {{ ref('bridge_area') }}
),

county_jobs as (
    select * from {{ ref('int_county__jobs_counted') }}
),

-- The newest year in which every county is told; where there is none, the newest year.
weight_years as (
    select
        coalesce(
            max(case when is_every_county_told then calendar_year end), max(calendar_year)
        ) as weight_year
    from county_jobs
),

-- Counties of today, with their jobs.
county_memberships as (
    select
        memberships.area_code as county_fips,
        memberships.parent_area_type,
        memberships.parent_area_code,
        county_jobs.county_job_count,
        weight_years.weight_year
    from memberships
    inner join weight_years
        on weight_years.weight_year is not null
    left join county_jobs
        on
            memberships.area_code = county_jobs.county_fips
            and weight_years.weight_year = county_jobs.calendar_year
    where memberships.valid_to is null
),

workforce_area_jobs as (
    select
        parent_area_code as workforce_area_code,
        case when count(*) = count(county_job_count) then sum(county_job_count) end
            as job_count
    from county_memberships
    where parent_area_type = 'workforce_area'
    group by parent_area_code
),

-- Of a workforce area with a county that is not told no part is known.
workforce_area_shares as (
    select
        county_memberships.county_fips,
        county_memberships.parent_area_code as workforce_area_code,
        cast(county_memberships.county_job_count as numeric(20, 10))
        / nullif(workforce_area_jobs.job_count, 0) as job_share
    from county_memberships
    inner join workforce_area_jobs
        on county_memberships.parent_area_code = workforce_area_jobs.workforce_area_code
    where county_memberships.parent_area_type = 'workforce_area'
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

-- What any workforce area publishes is asked of all: a row that is absent is no zero.
occupations as (
    select
        soc_vintage,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        max(recorded_from) as recorded_from,
        max(case when is_line_item then 1 else 0 end) = 1 as is_line_item
    from published
    group by soc_vintage, soc_code, horizon, base_year, projected_year, publication_name
),

parts as (
    select
        region_shares.area_type,
        region_shares.area_code,
        occupations.soc_vintage,
        occupations.soc_code,
        occupations.horizon,
        occupations.base_year,
        occupations.projected_year,
        occupations.publication_name,
        occupations.recorded_from,
        occupations.is_line_item,
        region_shares.weight_year,
        case when published.is_split_derived then 1 else 0 end as has_derived_split,
        {% for measure in measures %}
            region_shares.job_share * published.{{ measure }} as {{ measure }},
            case
                when published.{{ measure }} is null
                    then coalesce(published.{{ measure }}_status, 'missing')
                when region_shares.job_share is null then 'missing'
            end as {{ measure }}_status,
        {% endfor %}
        region_shares.job_share
    from region_shares
    cross join occupations
    left join published
        on
            region_shares.workforce_area_code = published.area_code
            and occupations.soc_vintage = published.soc_vintage
            and occupations.soc_code = published.soc_code
            and occupations.horizon = published.horizon
            and occupations.base_year = published.base_year
            and occupations.projected_year = published.projected_year
            and occupations.publication_name = published.publication_name
),

-- One part that is not told leaves the whole untold, of that measure and no other.
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
        max(recorded_from) as recorded_from,
        {% for measure in measures %}
            cast(
                round(case when count(*) = count({{ measure }}) then sum({{ measure }}) end, 0)
                as bigint
            ) as {{ measure }},
            coalesce(max({{ measure }}_status), 'reported') as {{ measure }}_status,
        {% endfor %}
        max(weight_year) as weight_year,
        is_line_item,
        max(has_derived_split) = 1 as is_split_derived
    from parts
    group by
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        is_line_item
)

select * from region_projections
