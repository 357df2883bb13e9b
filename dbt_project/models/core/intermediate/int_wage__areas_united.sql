with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

region_wages as (
    select * from {{ ref('int_region__wages_weighted') }}
),

ranked_wages as (
    select
        *,
        row_number() over (
            partition by vintage_year, area_type_code, area_code, soc_code
            order by case occupation_group when 'detailed' then 1 else 2 end, occupation_group
        ) as place
    from wages
    where naics_code = '000000' and ownership_code = '1235' and area_type_code in ('1', '2')
),

published as (
    select
        areas.area_type,
        areas.area_code,
        ranked_wages.soc_vintage,
        ranked_wages.soc_code,
        ranked_wages.vintage_year,
        cast(null as integer) as weight_year,
        ranked_wages.annual_p10_wage_usd,
        ranked_wages.annual_p10_wage_usd_status,
        ranked_wages.annual_p25_wage_usd,
        ranked_wages.annual_p25_wage_usd_status,
        ranked_wages.annual_median_wage_usd,
        ranked_wages.annual_median_wage_usd_status,
        ranked_wages.annual_p75_wage_usd,
        ranked_wages.annual_p75_wage_usd_status,
        ranked_wages.annual_p90_wage_usd,
        ranked_wages.annual_p90_wage_usd_status
    from ranked_wages
    inner join areas
        on
            ranked_wages.area_type_code = areas.area_type_code
            and ranked_wages.area_code = areas.area_code
    where ranked_wages.place = 1
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
