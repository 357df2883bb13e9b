with designations as (
    select * from {{ ref('fct_occupation_designation') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

-- A designation that a rule set does not define cannot deny the priority.
area_designations as (
    select
        designations.soc_vintage,
        designations.soc_code,
        designations.rule_set_code,
        designations.rule_version,
        designations.area_type as figures_area_type,
        designations.area_code as figures_area_code,
        max(designations.rule_valid_from) as rule_valid_from,
        max(designations.wage_vintage_year) as wage_vintage_year,
        max(designations.projection_base_year) as projection_base_year,
        max(designations.requirement_matrix_year) as requirement_matrix_year,
        max(case when reporting_state.state_fips is not null then 1 else 0 end) = 1
            as is_reporting_state,
        max(
            case
                when designations.designation = 'high_wage' then designations.designation_result
            end
        ) as high_wage_result,
        max(
            case
                when designations.designation = 'high_skill' then designations.designation_result
            end
        ) as high_skill_result,
        max(
            case
                when designations.designation = 'in_demand' then designations.designation_result
            end
        ) as in_demand_result,
        case
            when max(case when designations.designation_result = 'no' then 1 else 0 end) = 1
                then 'no'
            when max(case when designations.designation_result = 'unknown' then 1 else 0 end) = 1
                then 'unknown'
            else 'yes'
        end as priority_by_figures
    from designations
    left join reporting_state
        on
            designations.area_type = 'state'
            and designations.area_code = reporting_state.state_fips
    group by
        designations.soc_vintage,
        designations.soc_code,
        designations.rule_set_code,
        designations.rule_version,
        designations.area_type,
        designations.area_code
)

select * from area_designations
