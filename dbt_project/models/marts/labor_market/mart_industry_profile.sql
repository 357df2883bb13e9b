with regions as (
    select * from {{ ref('int_industry__regions_summed') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

industries as (
    select * from {{ ref('dim_industry') }}
),

area_years as (
    select
        area_type,
        area_code,
        calendar_year
    from regions
    group by area_type, area_code, calendar_year
),

-- Beside each year the one before and the one five years before; finer industries are compared
-- within one version of the classification alone.
compared_regions as (
    select
        regions.*,
        industries.industry_title,
        industries.industry_level,
        industries.naics_sector_code,
        before_1.average_employment_count as employment_before_1,
        before_5.average_employment_count as employment_before_5,
        case
            when before_1.naics_code is not null
                then before_1.average_employment_count_status
            when year_before_1.calendar_year is null then 'missing'
            else 'not_applicable'
        end as status_before_1,
        before_1.naics_vintage is null
        or before_1.naics_vintage = regions.naics_vintage
        or industries.is_stable_over_vintages as is_comparable_1,
        case
            when before_5.naics_code is not null
                then before_5.average_employment_count_status
            when year_before_5.calendar_year is null then 'missing'
            else 'not_applicable'
        end as status_before_5,
        before_5.naics_vintage is null
        or before_5.naics_vintage = regions.naics_vintage
        or industries.is_stable_over_vintages as is_comparable_5
    from regions
    inner join industries
        on
            regions.naics_vintage = industries.naics_vintage
            and regions.naics_code = industries.naics_code
    left join regions as before_1
        on
            regions.area_type = before_1.area_type
            and regions.area_code = before_1.area_code
            and regions.naics_code = before_1.naics_code
            and regions.ownership_code = before_1.ownership_code
            and regions.calendar_year = before_1.calendar_year + 1
    left join area_years as year_before_1
        on
            regions.area_type = year_before_1.area_type
            and regions.area_code = year_before_1.area_code
            and regions.calendar_year = year_before_1.calendar_year + 1
    left join regions as before_5
        on
            regions.area_type = before_5.area_type
            and regions.area_code = before_5.area_code
            and regions.naics_code = before_5.naics_code
            and regions.ownership_code = before_5.ownership_code
            and regions.calendar_year = before_5.calendar_year + 5
    left join area_years as year_before_5
        on
            regions.area_type = year_before_5.area_type
            and regions.area_code = year_before_5.area_code
            and regions.calendar_year = year_before_5.calendar_year + 5
),

growth_statuses as (
    select
        *,
        case
            when average_employment_count_status != 'reported' then average_employment_count_status
            when not is_comparable_1 then 'not_applicable'
            when status_before_1 != 'reported' then status_before_1
            when employment_before_1 = 0 then 'not_applicable'
            else 'reported'
        end as employment_growth_1_year_pct_status,
        case
            when average_employment_count_status != 'reported' then average_employment_count_status
            when not is_comparable_5 then 'not_applicable'
            when status_before_5 != 'reported' then status_before_5
            when employment_before_5 = 0 then 'not_applicable'
            else 'reported'
        end as employment_growth_5_year_pct_status
    from compared_regions
),

industry_profile as (
    select
        growth_statuses.area_type,
        growth_statuses.area_code,
        areas.area_name,
        growth_statuses.calendar_year,
        growth_statuses.naics_code,
        growth_statuses.naics_vintage,
        growth_statuses.industry_title,
        growth_statuses.industry_level,
        growth_statuses.naics_sector_code,
        growth_statuses.ownership_code,
        growth_statuses.figure_basis,
        growth_statuses.establishment_count,
        growth_statuses.establishment_count_status,
        growth_statuses.average_employment_count,
        growth_statuses.average_employment_count_status,
        growth_statuses.disclosed_employment_count,
        growth_statuses.disclosed_employment_count_status,
        growth_statuses.undisclosed_employment_share,
        growth_statuses.undisclosed_employment_share_status,
        growth_statuses.total_wage_usd,
        growth_statuses.total_wage_usd_status,
        growth_statuses.weekly_mean_wage_usd,
        growth_statuses.weekly_mean_wage_usd_status,
        growth_statuses.employment_growth_1_year_pct_status,
        growth_statuses.employment_growth_5_year_pct_status,
        growth_statuses.industry_location_quotient,
        growth_statuses.industry_location_quotient_status,
        growth_statuses.is_derived,
        growth_statuses.recorded_from,
        case
            when growth_statuses.employment_growth_1_year_pct_status = 'reported'
                then
                    cast(
                        100.0 * (
                            growth_statuses.average_employment_count
                            - growth_statuses.employment_before_1
                        ) / growth_statuses.employment_before_1 as numeric(12, 1)
                    )
        end as employment_growth_1_year_pct,
        case
            when growth_statuses.employment_growth_5_year_pct_status = 'reported'
                then
                    cast(
                        100.0 * (
                            growth_statuses.average_employment_count
                            - growth_statuses.employment_before_5
                        ) / growth_statuses.employment_before_5 as numeric(12, 1)
                    )
        end as employment_growth_5_year_pct
    from growth_statuses
    inner join areas
        on
            growth_statuses.area_type = areas.area_type
            and growth_statuses.area_code = areas.area_code
    where areas.is_in_scope and growth_statuses.area_type != 'nation'
)

select * from industry_profile
