with employment as (
    select * from {{ ref('fct_lmi_employment') }}
),

-- What is known now, of all sizes: total covered, private employers, and of each government its
-- total, its sectors and the industries that the wage survey counts with private employers.
figures as (
    select *
    from employment
    where
        recorded_to is null
        and size_class_code = '0'
        and (
            ownership_code in ('0', '5')
            or (
                ownership_code in ('1', '2', '3')
                and (
                    aggregation_level_code like '_4'
                    or naics_code in ('10', '491', '622', '7132', '72112')
                )
            )
        )
),

period_counts as (
    select
        calendar_year,
        count(case when quarter_code != 'A' then 1 end) as quarter_count
    from figures
    where area_type = 'state' and naics_code = '10' and ownership_code = '0'
    group by calendar_year
),

years_of_quarters as (
    select calendar_year
    from period_counts
    where quarter_count = 4
),

published_averages as (
    select
        figures.area_fips,
        figures.naics_code,
        figures.ownership_code,
        figures.calendar_year,
        figures.area_type,
        figures.area_code,
        figures.naics_vintage,
        'annual_file' as figure_basis,
        figures.establishment_count,
        figures.average_employment_count,
        figures.average_employment_count_status,
        figures.total_wage_usd,
        figures.weekly_mean_wage_usd,
        figures.recorded_from
    from figures
    where figures.quarter_code = 'A'
),

-- What no annual file has is averaged from its quarters once all four are out: a slice of the year
-- has few cells. A quarter in which the cell has no row had no establishments in it.
quarter_sums as (
    select
        figures.area_fips,
        figures.naics_code,
        figures.ownership_code,
        figures.calendar_year,
        figures.area_type,
        figures.area_code,
        figures.naics_vintage,
        'quarters' as figure_basis,
        sum(figures.establishment_count) as establishment_sum,
        sum(
            figures.month1_employment_count
            + figures.month2_employment_count
            + figures.month3_employment_count
        ) as month_sum,
        sum(figures.total_wage_usd) as total_wage_usd,
        max(
            case
                when figures.month3_employment_count_status != 'reported'
                    then figures.month3_employment_count_status
            end
        ) as withheld_status,
        max(figures.recorded_from) as recorded_from
    from figures
    inner join years_of_quarters
        on figures.calendar_year = years_of_quarters.calendar_year
    left join published_averages
        on
            figures.area_fips = published_averages.area_fips
            and figures.naics_code = published_averages.naics_code
            and figures.ownership_code = published_averages.ownership_code
            and figures.calendar_year = published_averages.calendar_year
    where figures.quarter_code != 'A' and published_averages.area_fips is null
    group by
        figures.area_fips,
        figures.naics_code,
        figures.ownership_code,
        figures.calendar_year,
        figures.area_type,
        figures.area_code,
        figures.naics_vintage
),

computed_averages as (
    select
        area_fips,
        naics_code,
        ownership_code,
        calendar_year,
        area_type,
        area_code,
        naics_vintage,
        figure_basis,
        cast(round(establishment_sum / 4.0) as bigint) as establishment_count,
        case when withheld_status is null then cast(round(month_sum / 12.0) as bigint) end
            as average_employment_count,
        coalesce(withheld_status, 'reported') as average_employment_count_status,
        case when withheld_status is null then cast(total_wage_usd as bigint) end as total_wage_usd,
        case
            when withheld_status is null
                then
                    cast(
                        round(total_wage_usd * 12.0 / nullif(month_sum, 0) / 52.0) as integer
                    )
        end as weekly_mean_wage_usd,
        recorded_from
    from quarter_sums
),

averages as (
    select * from published_averages
    union all
    select * from computed_averages
)

select * from averages
