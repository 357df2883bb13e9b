with figures as (
    select * from {{ ref('int_industry__regions_summed') }}
),

growth as (
    select * from {{ ref('int_industry__growth_measured') }}
),

regions as (
    select * from {{ ref('dim_region') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

industries as (
    select * from {{ ref('dim_industry') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

industry_profile as (
    select
        figures.area_type,
        figures.area_code,
        areas.area_name,
        figures.calendar_year,
        figures.naics_code,
        figures.naics_vintage,
        industries.industry_title,
        industries.industry_level,
        industries.naics_sector_code,
        figures.ownership_code,
        figures.figure_basis,
        figures.establishment_count,
        figures.establishment_count_status,
        figures.average_employment_count,
        figures.average_employment_count_status,
        figures.disclosed_employment_count,
        figures.disclosed_employment_count_status,
        figures.undisclosed_employment_share,
        figures.undisclosed_employment_share_status,
        figures.total_wage_usd,
        figures.total_wage_usd_status,
        figures.weekly_mean_wage_usd,
        figures.weekly_mean_wage_usd_status,
        growth.employment_growth_1_year_pct,
        growth.employment_growth_1_year_pct_status,
        growth.employment_growth_5_year_pct,
        growth.employment_growth_5_year_pct_status,
        growth.industry_employment_share,
        growth.industry_employment_share_status,
        figures.industry_location_quotient,
        figures.industry_location_quotient_status,
        figures.is_derived,
        figures.recorded_from,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        growth.break_reason,
        'all covered jobs of the area, of all industries and owners' as denominator_definition,
        coalesce(regions.adds_up_to_state, figures.area_type = 'county') as is_additive,
        figures.figure_basis = 'quarters' as is_provisional,
        growth.break_reason is null as is_comparable_to_prior
    from figures
    inner join growth
        on
            figures.area_type = growth.area_type
            and figures.area_code = growth.area_code
            and figures.calendar_year = growth.calendar_year
            and figures.naics_code = growth.naics_code
            and figures.ownership_code = growth.ownership_code
    inner join industries
        on
            figures.naics_vintage = industries.naics_vintage
            and figures.naics_code = industries.naics_code
    inner join areas
        on
            figures.area_type = areas.area_type
            and figures.area_code = areas.area_code
    left join regions
        on figures.area_type = regions.region_scheme and figures.area_code = regions.region_code
    cross join snapshot
    where areas.is_in_scope and figures.area_type != 'nation'
)

select * from industry_profile
