with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

-- A code that is broad and detailed at once counts once, as detailed.
ranked_wages as (
    select
        *,
        row_number() over (
            partition by vintage_year, area_type_code, area_code, soc_code
            order by case occupation_group when 'detailed' then 1 else 2 end, occupation_group
        ) as place
    from wages
    where
        naics_code = '000000'
        and ownership_code = '1235'
        and (occupation_group = 'detailed' or soc_code = '00-0000')
),

area_wages as (
    select
        areas.area_type,
        areas.area_code,
        ranked_wages.soc_vintage,
        ranked_wages.soc_code,
        ranked_wages.vintage_year,
        ranked_wages.annual_median_wage_usd,
        ranked_wages.annual_median_wage_usd_status,
        ranked_wages.annual_p25_wage_usd,
        ranked_wages.annual_p75_wage_usd,
        ranked_wages.employment_count,
        ranked_wages.employment_count_status,
        case
            when ranked_wages.annual_p25_wage_usd_status != 'reported'
                then ranked_wages.annual_p25_wage_usd_status
            else ranked_wages.annual_p75_wage_usd_status
        end as wage_growth_ratio_status,
        sum(
            case when ranked_wages.soc_code = '00-0000' then ranked_wages.employment_count end
        ) over (
            partition by areas.area_type, areas.area_code, ranked_wages.vintage_year
        ) as area_employment_count
    from ranked_wages
    inner join areas
        on
            ranked_wages.area_type_code = areas.area_type_code
            and ranked_wages.area_code = areas.area_code
            and (areas.area_vintage is null or ranked_wages.vintage_year = areas.area_vintage)
    where ranked_wages.place = 1 and areas.is_in_scope
),

measures as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'annual_median_wage_usd' as measure_code,
        cast(annual_median_wage_usd as numeric(18, 6)) as measure_value,
        annual_median_wage_usd_status as measure_value_status
    from area_wages
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'wage_growth_ratio' as measure_code,
        cast(
            case
                when wage_growth_ratio_status = 'reported'
                    then annual_p75_wage_usd / nullif(annual_p25_wage_usd, 0)
            end as numeric(18, 6)
        ) as measure_value,
        -- A ratio of a bound says nothing.
        case
            when wage_growth_ratio_status = 'top_coded' then 'suppressed_at_source'
            else wage_growth_ratio_status
        end as measure_value_status
    from area_wages
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'employment_share_pct' as measure_code,
        cast(
            100.0 * employment_count / nullif(area_employment_count, 0) as numeric(18, 6)
        ) as measure_value,
        case
            when employment_count is not null and area_employment_count is null then 'missing'
            else employment_count_status
        end as measure_value_status
    from area_wages
)

select * from measures
