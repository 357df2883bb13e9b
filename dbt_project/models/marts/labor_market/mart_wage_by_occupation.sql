with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

occupations as (
    select * from {{ ref('dim_occupation') }}
),

-- A code that is broad and detailed at once is shown as detailed.
ranked_wages as (
    select
        *,
        row_number() over (
            partition by vintage_year, area_code, soc_code
            order by
                case occupation_group
                    when 'detailed' then 1
                    when 'broad' then 2
                    when 'minor' then 3
                    when 'major' then 4
                    else 5
                end
        ) as place
    from wages
    where naics_code = '000000' and ownership_code = '1235'
),

wage_by_occupation as (
    select
        ranked_wages.vintage_year,
        areas.area_type,
        ranked_wages.area_code,
        areas.area_name,
        areas.delineated_since,
        ranked_wages.soc_code,
        ranked_wages.soc_vintage,
        occupations.soc_title,
        ranked_wages.occupation_group,
        ranked_wages.employment_count,
        ranked_wages.employment_count_status,
        ranked_wages.employment_rse_pct,
        ranked_wages.employment_rse_pct_status,
        ranked_wages.jobs_per_1000,
        ranked_wages.jobs_per_1000_status,
        ranked_wages.location_quotient,
        ranked_wages.location_quotient_status,
        ranked_wages.mean_wage_rse_pct,
        ranked_wages.mean_wage_rse_pct_status,
        ranked_wages.hourly_mean_wage_usd,
        ranked_wages.hourly_mean_wage_usd_status,
        ranked_wages.hourly_p10_wage_usd,
        ranked_wages.hourly_p10_wage_usd_status,
        ranked_wages.hourly_p25_wage_usd,
        ranked_wages.hourly_p25_wage_usd_status,
        ranked_wages.hourly_median_wage_usd,
        ranked_wages.hourly_median_wage_usd_status,
        ranked_wages.hourly_p75_wage_usd,
        ranked_wages.hourly_p75_wage_usd_status,
        ranked_wages.hourly_p90_wage_usd,
        ranked_wages.hourly_p90_wage_usd_status,
        ranked_wages.annual_mean_wage_usd,
        ranked_wages.annual_mean_wage_usd_status,
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
            ranked_wages.area_code = areas.area_code
            and ranked_wages.area_type_code = areas.area_type_code
            and ranked_wages.vintage_year = coalesce(areas.area_vintage, ranked_wages.vintage_year)
    inner join occupations
        on
            ranked_wages.soc_code = occupations.soc_code
            and ranked_wages.soc_vintage = occupations.soc_vintage
    where
        ranked_wages.place = 1
        and areas.is_in_scope
)

select * from wage_by_occupation
