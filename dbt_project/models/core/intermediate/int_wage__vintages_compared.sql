with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

estimation_methods as (
    select * from {{ ref('oews_estimation_methods') }}
),

area_vintages as (
    select
        areas.area_type,
        areas.area_code,
        wages.vintage_year,
        wages.soc_vintage,
        areas.delineated_since
    from wages
    inner join areas
        on
            wages.area_code = areas.area_code
            and wages.area_type_code = areas.area_type_code
            and wages.vintage_year = coalesce(areas.area_vintage, wages.vintage_year)
    group by
        areas.area_type,
        areas.area_code,
        wages.vintage_year,
        wages.soc_vintage,
        areas.delineated_since
),

-- Beside each vintage of an area the one that is loaded before it.
preceded_vintages as (
    select
        area_vintages.*,
        estimation_methods.estimation_method,
    {% for column in ['vintage_year', 'soc_vintage', 'estimation_method'] %}
        lag({{ column }}) over (
            partition by area_vintages.area_type, area_vintages.area_code
            order by area_vintages.vintage_year
            ) as prior_{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
    from area_vintages
    inner join estimation_methods
        on
            area_vintages.vintage_year >= estimation_methods.first_year
            and area_vintages.vintage_year <= estimation_methods.last_year
),

-- The total of all occupations is the same under every classification.
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
            when delineated_since > prior_vintage_year
                then 'the area holds other counties than before'
            when prior_estimation_method != estimation_method
                then estimation_method || ' in place of ' || prior_estimation_method
        end as break_reason
    from preceded_vintages
)

select * from vintages_compared
