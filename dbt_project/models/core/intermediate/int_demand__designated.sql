{% set lists = {
    'high_wage': "high_wage_result = 'yes'",
    'high_skill': "high_skill_result = 'yes'",
    'in_demand': "in_demand_result = 'yes'",
    'priority': "priority_by_figures = 'yes'",
    'undecided': "priority_by_figures = 'unknown'",
} %}

with demand as (
    select * from {{ ref('int_demand__areas_united') }}
),

designated as (
    select * from {{ ref('int_area__designated') }}
),

-- What each rule set says of the newest figures, as lists: one row an occupation.
designations as (
    select
        figures_area_type as area_type,
        figures_area_code as area_code,
        soc_vintage,
        soc_code,
    {% for list, condition in lists.items() %}
        coalesce(
            {{ joined_text("case when " ~ condition ~ " then rule_set_code end", ', ') }}, ''
        ) as {{ list }}_rule_sets{{ ',' if not loop.last }}
    {% endfor %}
    from designated
    group by figures_area_type, figures_area_code, soc_vintage, soc_code
),

area_periods as (
    select
        area_type,
        area_code,
        horizon,
        base_year,
        max(soc_vintage) as soc_vintage
    from demand
    group by area_type, area_code, horizon, base_year
),

preceded_periods as (
    select
        *,
        lag(soc_vintage) over (
            partition by area_type, area_code, horizon order by base_year
        ) as prior_soc_vintage,
        max(base_year) over (partition by area_type, area_code, horizon) as newest_base_year
    from area_periods
),

demand_designated as (
    select
        demand.area_type,
        demand.area_code,
        demand.soc_vintage,
        demand.soc_code,
        demand.horizon,
        demand.base_year,
        designations.high_wage_rule_sets,
        designations.high_skill_rule_sets,
        designations.in_demand_rule_sets,
        designations.priority_rule_sets,
        designations.undecided_rule_sets,
        case
            when designations.soc_code is not null then 'reported'
            -- Rule sets speak of occupations, by the newest figures ten years ahead.
            when
                demand.horizon != 'long'
                or demand.base_year != preceded_periods.newest_base_year
                or not demand.is_line_item
                then 'not_applicable'
            else 'missing'
        end as designations_status,
        case
            when
                preceded_periods.prior_soc_vintage != demand.soc_vintage
                and demand.soc_code != '00-0000'
                then
                    'SOC ' || demand.soc_vintage || ' in place of SOC '
                    || preceded_periods.prior_soc_vintage
        end as break_reason
    from demand
    inner join preceded_periods
        on
            demand.area_type = preceded_periods.area_type
            and demand.area_code = preceded_periods.area_code
            and demand.horizon = preceded_periods.horizon
            and demand.base_year = preceded_periods.base_year
    left join designations
        on
            demand.area_type = designations.area_type
            and demand.area_code = designations.area_code
            and demand.soc_vintage = designations.soc_vintage
            and demand.soc_code = designations.soc_code
            and demand.horizon = 'long'
            and demand.base_year = preceded_periods.newest_base_year
)

select * from demand_designated
