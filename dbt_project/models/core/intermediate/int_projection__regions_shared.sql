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

county_shares as (
    select * from {{ ref('int_occupation__counties_apportioned') }}
),

-- The part of each workforce area's occupation that is in the region; counties are those of today.
region_shares as (
    select
        memberships.parent_area_type as area_type,
        memberships.parent_area_code as area_code,
        county_shares.workforce_area_code,
        county_shares.soc_vintage,
        county_shares.soc_code,
        county_shares.job_share_basis,
        max(county_shares.weight_year) as weight_year,
        sum(county_shares.job_share) as job_share
    from memberships
    inner join county_shares
        on memberships.area_code = county_shares.county_fips
    where memberships.valid_to is null and memberships.parent_area_type != 'workforce_area'
    group by
        memberships.parent_area_type,
        memberships.parent_area_code,
        county_shares.workforce_area_code,
        county_shares.soc_vintage,
        county_shares.soc_code,
        county_shares.job_share_basis
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
        region_shares.job_share_basis,
        case when published.is_split_derived then 1 else 0 end as has_derived_split,
        {% for measure in measures %}
            case
                when region_shares.job_share = 0 then 0
                else region_shares.job_share * published.{{ measure }}
            end as {{ measure }},
            case
                when region_shares.job_share = 0 then null
                when published.{{ measure }} is null
                    then coalesce(published.{{ measure }}_status, 'missing')
                when region_shares.job_share is null then 'missing'
            end as {{ measure }}_status,
        {% endfor %}
        region_shares.job_share
    from region_shares
    inner join occupations
        on
            region_shares.soc_vintage = occupations.soc_vintage
            and region_shares.soc_code = occupations.soc_code
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
        case
            when count(*) = count(case when job_share_basis = 'industry' then 1 end)
                then 'industry'
            when count(*) = count(job_share_basis) then 'all_jobs'
        end as job_share_basis,
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
