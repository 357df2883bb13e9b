with regions as (
    select * from {{ ref('int_industry__regions_summed') }}
),

industries as (
    select * from {{ ref('dim_industry') }}
),

unchanged_codes as (
    select * from {{ ref('int_industry__codes_unchanged') }}
),

area_years as (
    select
        area_type,
        area_code,
        calendar_year,
        naics_vintage
    from regions
    group by area_type, area_code, calendar_year, naics_vintage
),

-- Beside each year the one before and the one five years before; over a change of the
-- classification only what is the same industry in both versions is compared.
compared_regions as (
    select
        regions.*,
        before_1.average_employment_count as employment_before_1,
        before_5.average_employment_count as employment_before_5,
        year_before_1.naics_vintage as naics_vintage_before_1,
        case
            when before_1.naics_code is not null
                then before_1.average_employment_count_status
            when year_before_1.calendar_year is null then 'missing'
            else 'not_applicable'
        end as status_before_1,
        year_before_1.naics_vintage is null
        or year_before_1.naics_vintage = regions.naics_vintage
        or industries.is_stable_over_vintages
        or unchanged_1.naics_code is not null as is_comparable_1,
        case
            when before_5.naics_code is not null
                then before_5.average_employment_count_status
            when year_before_5.calendar_year is null then 'missing'
            else 'not_applicable'
        end as status_before_5,
        before_5.naics_vintage is null
        or before_5.naics_vintage = regions.naics_vintage
        or industries.is_stable_over_vintages
        or unchanged_5.naics_code is not null as is_comparable_5,
        max(
            case
                when regions.naics_code = '10' and regions.ownership_code = '0'
                    then regions.average_employment_count
            end
        ) over (
            partition by regions.area_type, regions.area_code, regions.calendar_year
        ) as area_employment_count
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
    left join unchanged_codes as unchanged_1
        on
            regions.naics_code = unchanged_1.naics_code
            and regions.naics_vintage = unchanged_1.to_naics_vintage
            and year_before_1.naics_vintage = unchanged_1.from_naics_vintage
    left join unchanged_codes as unchanged_5
        on
            regions.naics_code = unchanged_5.naics_code
            and regions.naics_vintage = unchanged_5.to_naics_vintage
            and before_5.naics_vintage = unchanged_5.from_naics_vintage
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

industry_growth as (
    select
        area_type,
        area_code,
        calendar_year,
        naics_code,
        ownership_code,
        employment_growth_1_year_pct_status,
        employment_growth_5_year_pct_status,
        case
            when not is_comparable_1
                then 'NAICS ' || naics_vintage || ' in place of NAICS ' || naics_vintage_before_1
        end as break_reason,
        case
            when employment_growth_1_year_pct_status = 'reported'
                then
                    cast(
                        100.0 * (average_employment_count - employment_before_1)
                        / employment_before_1 as numeric(12, 1)
                    )
        end as employment_growth_1_year_pct,
        case
            when employment_growth_5_year_pct_status = 'reported'
                then
                    cast(
                        100.0 * (average_employment_count - employment_before_5)
                        / employment_before_5 as numeric(12, 1)
                    )
        end as employment_growth_5_year_pct,
        {{ share('average_employment_count', 'area_employment_count') }}
            as industry_employment_share,
        case
            when average_employment_count is null then average_employment_count_status
            when area_employment_count is null then 'missing'
            when area_employment_count = 0 then 'not_applicable'
            else 'reported'
        end as industry_employment_share_status
    from growth_statuses
)

select * from industry_growth
