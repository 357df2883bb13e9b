with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

region_area_jobs as (
    select * from {{ ref('int_region__jobs_placed') }}
),

rules as (
    select * from {{ ref('region_wage_rules') }}
),

percentiles as (
    select 'p10' as percentile_code
    union all
    select 'p25' as percentile_code
    union all
    select 'median' as percentile_code
    union all
    select 'p75' as percentile_code
    union all
    select 'p90' as percentile_code
),

survey_wages as (
    select
        wages.vintage_year,
        wages.area_code,
        wages.soc_vintage,
        wages.soc_code,
        percentiles.percentile_code,
        case percentiles.percentile_code
            when 'p10' then wages.annual_p10_wage_usd
            when 'p25' then wages.annual_p25_wage_usd
            when 'median' then wages.annual_median_wage_usd
            when 'p75' then wages.annual_p75_wage_usd
            else wages.annual_p90_wage_usd
        end as wage_usd,
        case percentiles.percentile_code
            when 'p10' then wages.annual_p10_wage_usd_status
            when 'p25' then wages.annual_p25_wage_usd_status
            when 'median' then wages.annual_median_wage_usd_status
            when 'p75' then wages.annual_p75_wage_usd_status
            else wages.annual_p90_wage_usd_status
        end as wage_usd_status
    from wages
    cross join percentiles
    where
        wages.is_finest_group
        and wages.naics_code = '000000'
        and wages.ownership_code = '1235'
        and wages.area_type_code in ('4', '6')
        and (wages.occupation_group = 'detailed' or wages.soc_code = '00-0000')
),

weighted as (
    select
        region_area_jobs.area_type,
        region_area_jobs.area_code,
        region_area_jobs.area_vintage as vintage_year,
        survey_wages.soc_vintage,
        survey_wages.soc_code,
        survey_wages.percentile_code,
        max(region_area_jobs.weight_year) as weight_year,
        max(region_area_jobs.region_job_count) as region_job_count,
        sum(case when survey_wages.wage_usd is not null then region_area_jobs.job_count end)
            as covered_job_count,
        sum(survey_wages.wage_usd * region_area_jobs.job_count) as weighted_wage_usd,
        max(case when survey_wages.wage_usd_status = 'top_coded' then 1 else 0 end)
            as has_top_code,
        max(case when survey_wages.wage_usd_status = 'not_applicable' then 1 else 0 end)
            as has_no_annual_wage,
        max(case when survey_wages.wage_usd_status = 'suppressed_at_source' then 1 else 0 end)
            as has_suppressed
    from region_area_jobs
    inner join survey_wages
        on
            region_area_jobs.area_vintage = survey_wages.vintage_year
            and region_area_jobs.survey_area_code = survey_wages.area_code
    group by
        region_area_jobs.area_type,
        region_area_jobs.area_code,
        region_area_jobs.area_vintage,
        survey_wages.soc_vintage,
        survey_wages.soc_code,
        survey_wages.percentile_code
),

shared as (
    select
        weighted.*,
        cast(
            coalesce(weighted.covered_job_count, 0) / nullif(weighted.region_job_count, 0)
            as numeric(9, 6)
        ) as covered_share,
        rules.least_covered_share
    from weighted
    inner join rules
        on
            weighted.vintage_year >= rules.first_year
            and weighted.vintage_year <= rules.last_year
),

region_wages as (
    select
        area_type,
        area_code,
        vintage_year,
        soc_vintage,
        soc_code,
        percentile_code,
        weight_year,
        covered_share,
        cast(
            case
                when covered_share >= least_covered_share
                    then round(weighted_wage_usd / nullif(covered_job_count, 0), 0)
            end as numeric(10, 2)
        ) as region_wage_usd,
        -- An area without the occupation has no row: its jobs count as not covered.
        case
            when covered_share >= least_covered_share and has_top_code = 1 then 'top_coded'
            when covered_share >= least_covered_share then 'reported'
            when has_suppressed = 1 then 'suppressed_at_source'
            when has_no_annual_wage = 1 then 'not_applicable'
            else 'not_collected'
        end as region_wage_usd_status
    from shared
)

select * from region_wages
