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
        quarter_code,
        count(*) as cell_count,
        count(
            case when area_type = 'state' and naics_code = '10' and ownership_code = '0' then 1 end
        )
            as state_total_count
    from figures
    where area_type in ('state', 'county')
    group by calendar_year, quarter_code
),

year_counts as (
    select
        calendar_year,
        max(case when quarter_code = 'A' and state_total_count > 0 then cell_count else 0 end)
            as annual_cell_count,
        max(case when quarter_code != 'A' then cell_count else 0 end) as quarter_cell_count,
        count(case when quarter_code != 'A' and state_total_count > 0 then 1 end) = 4
            as has_every_quarter
    from period_counts
    group by calendar_year
),

-- A year without its annual file is averaged from its quarters once all four are out. A slice of
-- that file, which has far fewer cells than a quarter, does not stand for it.
year_bases as (
    select
        calendar_year,
        case
            when has_every_quarter and annual_cell_count < 0.9 * quarter_cell_count then 'quarters'
            else 'annual_file'
        end as figure_basis
    from year_counts
    where annual_cell_count > 0 or has_every_quarter
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
        year_bases.figure_basis,
        figures.establishment_count,
        figures.average_employment_count,
        figures.average_employment_count_status,
        figures.total_wage_usd,
        figures.weekly_mean_wage_usd,
        figures.recorded_from
    from figures
    inner join year_bases
        on
            figures.calendar_year = year_bases.calendar_year
            and year_bases.figure_basis = 'annual_file'
    where figures.quarter_code = 'A'
),

-- A quarter in which the cell has no row had no establishments in it.
quarter_sums as (
    select
        figures.area_fips,
        figures.naics_code,
        figures.ownership_code,
        figures.calendar_year,
        figures.area_type,
        figures.area_code,
        figures.naics_vintage,
        year_bases.figure_basis,
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
    inner join year_bases
        on
            figures.calendar_year = year_bases.calendar_year
            and year_bases.figure_basis = 'quarters'
    where figures.quarter_code != 'A'
    group by
        figures.area_fips,
        figures.naics_code,
        figures.ownership_code,
        figures.calendar_year,
        figures.area_type,
        figures.area_code,
        figures.naics_vintage,
        year_bases.figure_basis
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
