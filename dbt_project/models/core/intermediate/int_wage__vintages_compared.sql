with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

estimation_methods as (
    select * from {{ ref('oews_estimation_methods') }}
),

wage_vintages as (
    select
        area_type_code,
        area_code,
        vintage_year,
        soc_vintage
    from wages
    group by area_type_code, area_code, vintage_year, soc_vintage
),

area_vintages as (
    select
        areas.area_type,
        areas.area_code,
        wage_vintages.vintage_year,
        wage_vintages.soc_vintage,
        estimation_methods.estimation_method,
        areas.delineated_since,
        areas.area_vintage is not null as may_be_redrawn
    from wage_vintages
    inner join areas
        on
            wage_vintages.area_code = areas.area_code
            and wage_vintages.area_type_code = areas.area_type_code
            and wage_vintages.vintage_year
            = coalesce(areas.area_vintage, wage_vintages.vintage_year)
    inner join estimation_methods
        on
            wage_vintages.vintage_year >= estimation_methods.first_year
            and wage_vintages.vintage_year <= estimation_methods.last_year
),

-- Beside each vintage of an area the one that is loaded before it.
preceded_vintages as (
    select
        *,
        lag(vintage_year) over whole_area as prior_vintage_year,
        lag(soc_vintage) over whole_area as prior_soc_vintage,
        lag(estimation_method) over whole_area as prior_estimation_method,
        lag(delineated_since) over whole_area as prior_delineated_since
    from area_vintages
    window whole_area as (partition by area_type, area_code order by vintage_year)
),

-- The total of all occupations is the same under every classification. What is not known to hold
-- the same counties is not called comparable.
vintages_compared as (
    select
        area_type,
        area_code,
        vintage_year,
        case
            when prior_soc_vintage != soc_vintage
                then 'SOC ' || soc_vintage || ' in place of SOC ' || prior_soc_vintage
        end as soc_break_reason,
        case
            when delineated_since != prior_delineated_since
                then 'the area holds other counties than before'
            when prior_estimation_method != estimation_method
                then estimation_method || ' in place of ' || prior_estimation_method
            when
                may_be_redrawn
                and prior_vintage_year is not null
                and (delineated_since is null or prior_delineated_since is null)
                then 'no definitions of the area are loaded for both vintages'
        end as break_reason
    from preceded_vintages
)

select * from vintages_compared
