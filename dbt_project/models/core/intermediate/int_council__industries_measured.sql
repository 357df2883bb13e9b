with decisions as (
    select * from {{ ref('int_council__decisions_described') }}
),

industries as (
    select * from {{ ref('int_industry__regions_summed') }}
),

growth as (
    select * from {{ ref('int_industry__growth_measured') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

-- The newest year of the region's own figures; of the state's where the region has none.
ranked_figures as (
    select
        decisions.region_scheme,
        decisions.region_code,
        decisions.subject_code,
        decisions.subject_vintage,
        industries.area_type as figures_area_type,
        industries.area_code as figures_area_code,
        industries.ownership_code,
        industries.calendar_year as figures_year,
        industries.average_employment_count,
        industries.average_employment_count_status,
        industries.industry_location_quotient,
        industries.industry_location_quotient_status,
        row_number() over (
            partition by decisions.region_scheme, decisions.region_code, decisions.subject_code
            order by
                case when industries.area_type = 'state' then 1 else 0 end,
                industries.calendar_year desc
        ) as place
    from decisions
    cross join reporting_state
    inner join industries
        on
            decisions.subject_code = industries.naics_code
            and decisions.subject_vintage = industries.naics_vintage
            and (
                (
                    decisions.region_scheme = industries.area_type
                    and decisions.region_code = industries.area_code
                )
                or (
                    industries.area_type = 'state'
                    and reporting_state.state_fips = industries.area_code
                )
            )
    where
        decisions.subject_kind = 'industry'
        and industries.ownership_code = case when industries.naics_code = '10' then '0' else '5' end
),

measured_industries as (
    select
        ranked_figures.region_scheme,
        ranked_figures.region_code,
        ranked_figures.subject_code,
        ranked_figures.figures_area_type,
        ranked_figures.figures_area_code,
        ranked_figures.figures_year,
        ranked_figures.average_employment_count,
        ranked_figures.average_employment_count_status,
        growth.employment_growth_1_year_pct,
        growth.employment_growth_1_year_pct_status,
        growth.employment_growth_5_year_pct,
        growth.employment_growth_5_year_pct_status,
        growth.industry_employment_share,
        growth.industry_employment_share_status,
        ranked_figures.industry_location_quotient,
        ranked_figures.industry_location_quotient_status
    from ranked_figures
    inner join growth
        on
            ranked_figures.figures_area_type = growth.area_type
            and ranked_figures.figures_area_code = growth.area_code
            and ranked_figures.figures_year = growth.calendar_year
            and ranked_figures.subject_code = growth.naics_code
            and ranked_figures.ownership_code = growth.ownership_code
    where ranked_figures.place = 1
)

select * from measured_industries
