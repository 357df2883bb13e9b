with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

occupations as (
    select * from {{ ref('dim_occupation') }}
),

area_breaks as (
    select * from {{ ref('int_wage__vintages_compared') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

wage_by_occupation as (
    select
        wages.vintage_year,
        areas.area_type,
        wages.area_code,
        areas.area_name,
        areas.delineated_since,
        wages.soc_code,
        wages.soc_vintage,
        occupations.soc_title,
        wages.occupation_group,
        wages.employment_count,
        wages.employment_count_status,
        wages.employment_rse_pct,
        wages.employment_rse_pct_status,
        wages.jobs_per_1000,
        wages.jobs_per_1000_status,
        wages.location_quotient,
        wages.location_quotient_status,
        wages.mean_wage_rse_pct,
        wages.mean_wage_rse_pct_status,
        wages.hourly_mean_wage_usd,
        wages.hourly_mean_wage_usd_status,
        wages.hourly_p10_wage_usd,
        wages.hourly_p10_wage_usd_status,
        wages.hourly_p25_wage_usd,
        wages.hourly_p25_wage_usd_status,
        wages.hourly_median_wage_usd,
        wages.hourly_median_wage_usd_status,
        wages.hourly_p75_wage_usd,
        wages.hourly_p75_wage_usd_status,
        wages.hourly_p90_wage_usd,
        wages.hourly_p90_wage_usd_status,
        wages.annual_mean_wage_usd,
        wages.annual_mean_wage_usd_status,
        wages.annual_p10_wage_usd,
        wages.annual_p10_wage_usd_status,
        wages.annual_p25_wage_usd,
        wages.annual_p25_wage_usd_status,
        wages.annual_median_wage_usd,
        wages.annual_median_wage_usd_status,
        wages.annual_p75_wage_usd,
        wages.annual_p75_wage_usd_status,
        wages.annual_p90_wage_usd,
        wages.annual_p90_wage_usd_status,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        'all jobs of the area, of all occupations' as denominator_definition,
        false as is_provisional,
        false as is_additive,
        case
            when wages.soc_code = '00-0000' then area_breaks.break_reason
            else coalesce(area_breaks.soc_break_reason, area_breaks.break_reason)
        end as break_reason
    from wages
    inner join areas
        on
            wages.area_code = areas.area_code
            and wages.area_type_code = areas.area_type_code
            and wages.vintage_year = coalesce(areas.area_vintage, wages.vintage_year)
    inner join occupations
        on
            wages.soc_code = occupations.soc_code
            and wages.soc_vintage = occupations.soc_vintage
    inner join area_breaks
        on
            areas.area_type = area_breaks.area_type
            and areas.area_code = area_breaks.area_code
            and wages.vintage_year = area_breaks.vintage_year
    cross join snapshot
    where
        wages.is_finest_group
        and wages.naics_code = '000000'
        and wages.ownership_code = '1235'
        and areas.is_in_scope
),

compared_wages as (
    select
        *,
        break_reason is null as is_comparable_to_prior
    from wage_by_occupation
)

select * from compared_wages
