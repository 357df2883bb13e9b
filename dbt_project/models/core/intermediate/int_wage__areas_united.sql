with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

region_wages as (
    select * from {{ ref('int_region__wages_weighted') }}
),

published as (
    select
        areas.area_type,
        areas.area_code,
        wages.soc_vintage,
        wages.soc_code,
        wages.vintage_year,
        cast(null as integer) as weight_year,
        wages.annual_p10_wage_usd,
        wages.annual_p10_wage_usd_status,
        wages.annual_p25_wage_usd,
        wages.annual_p25_wage_usd_status,
        wages.annual_median_wage_usd,
        wages.annual_median_wage_usd_status,
        wages.annual_p75_wage_usd,
        wages.annual_p75_wage_usd_status,
        wages.annual_p90_wage_usd,
        wages.annual_p90_wage_usd_status
    from wages
    inner join areas
        on
            wages.area_type_code = areas.area_type_code
            and wages.area_code = areas.area_code
    where
        wages.is_finest_group
        and wages.naics_code = '000000'
        and wages.ownership_code = '1235'
        and wages.area_type_code in ('1', '2')
),

weighted as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        max(weight_year) as weight_year,
        max(case when percentile_code = 'p10' then region_wage_usd end) as annual_p10_wage_usd,
        max(case when percentile_code = 'p10' then region_wage_usd_status end)
            as annual_p10_wage_usd_status,
        max(case when percentile_code = 'p25' then region_wage_usd end) as annual_p25_wage_usd,
        max(case when percentile_code = 'p25' then region_wage_usd_status end)
            as annual_p25_wage_usd_status,
        max(case when percentile_code = 'median' then region_wage_usd end)
            as annual_median_wage_usd,
        max(case when percentile_code = 'median' then region_wage_usd_status end)
            as annual_median_wage_usd_status,
        max(case when percentile_code = 'p75' then region_wage_usd end) as annual_p75_wage_usd,
        max(case when percentile_code = 'p75' then region_wage_usd_status end)
            as annual_p75_wage_usd_status,
        max(case when percentile_code = 'p90' then region_wage_usd end) as annual_p90_wage_usd,
        max(case when percentile_code = 'p90' then region_wage_usd_status end)
            as annual_p90_wage_usd_status
    from region_wages
    group by area_type, area_code, soc_vintage, soc_code, vintage_year
),

united as (
    select * from published
    union all
    select * from weighted
),

newest as (
    select
        *,
        max(vintage_year) over (partition by area_type, area_code) as newest_year
    from united
),

area_wages as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year as wage_vintage_year,
        weight_year as wage_weight_year,
        annual_p10_wage_usd,
        annual_p10_wage_usd_status,
        annual_p25_wage_usd,
        annual_p25_wage_usd_status,
        annual_median_wage_usd,
        annual_median_wage_usd_status,
        annual_p75_wage_usd,
        annual_p75_wage_usd_status,
        annual_p90_wage_usd,
        annual_p90_wage_usd_status
    from newest
    where vintage_year = newest_year
)

select * from area_wages
