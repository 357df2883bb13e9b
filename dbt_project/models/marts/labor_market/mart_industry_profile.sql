with regions as (
    select * from {{ ref('int_industry__regions_summed') }}
),

growth as (
    select * from {{ ref('int_industry__growth_measured') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

industries as (
    select * from {{ ref('dim_industry') }}
),

industry_profile as (
    select
        regions.area_type,
        regions.area_code,
        areas.area_name,
        regions.calendar_year,
        regions.naics_code,
        regions.naics_vintage,
        industries.industry_title,
        industries.industry_level,
        industries.naics_sector_code,
        regions.ownership_code,
        regions.figure_basis,
        regions.establishment_count,
        regions.establishment_count_status,
        regions.average_employment_count,
        regions.average_employment_count_status,
        regions.disclosed_employment_count,
        regions.disclosed_employment_count_status,
        regions.undisclosed_employment_share,
        regions.undisclosed_employment_share_status,
        regions.total_wage_usd,
        regions.total_wage_usd_status,
        regions.weekly_mean_wage_usd,
        regions.weekly_mean_wage_usd_status,
        growth.employment_growth_1_year_pct,
        growth.employment_growth_1_year_pct_status,
        growth.employment_growth_5_year_pct,
        growth.employment_growth_5_year_pct_status,
        growth.industry_employment_share,
        growth.industry_employment_share_status,
        regions.industry_location_quotient,
        regions.industry_location_quotient_status,
        regions.is_derived,
        regions.recorded_from
    from regions
    inner join growth
        on
            regions.area_type = growth.area_type
            and regions.area_code = growth.area_code
            and regions.calendar_year = growth.calendar_year
            and regions.naics_code = growth.naics_code
            and regions.ownership_code = growth.ownership_code
    inner join industries
        on
            regions.naics_vintage = industries.naics_vintage
            and regions.naics_code = industries.naics_code
    inner join areas
        on
            regions.area_type = areas.area_type
            and regions.area_code = areas.area_code
    where areas.is_in_scope and regions.area_type != 'nation'
)

select * from industry_profile
