with outcomes as (
    select * from {{ ref('int_occupation__compared') }}
),

rule_sets as (
    select * from {{ ref('designation_rule_sets') }}
),

conditions as (
    select * from {{ ref('designation_conditions') }}
),

occupations as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code
    from outcomes
    group by area_type, area_code, soc_vintage, soc_code
),

decided_clauses as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        designation,
        alternative_number,
        clause_number,
        case
            when sum(coalesce(condition_outcome, 0)) >= max(needed_count) then 1
            when sum(coalesce(condition_outcome, 1)) >= max(needed_count) then null
            else 0
        end as outcome
    from outcomes
    group by
        area_type, area_code, soc_vintage, soc_code, rule_set_code, designation,
        alternative_number, clause_number
),

decided_alternatives as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        designation,
        alternative_number,
        case
            when min(coalesce(outcome, 1)) = 0 then 0
            when min(coalesce(outcome, 0)) = 1 then 1
        end as outcome
    from decided_clauses
    group by
        area_type, area_code, soc_vintage, soc_code, rule_set_code, designation,
        alternative_number
),

decided as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        designation,
        case
            when max(coalesce(outcome, 0)) = 1 then 'yes'
            when max(coalesce(outcome, 1)) = 1 then 'unknown'
            else 'no'
        end as designation_result
    from decided_alternatives
    group by area_type, area_code, soc_vintage, soc_code, rule_set_code, designation
),

-- The vintages that stand behind each decision.
measured_years as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        designation,
        max(case when measure_origin = 'wage' then measure_year end) as wage_vintage_year,
        max(case when measure_origin = 'projection' then measure_year end)
            as projection_base_year,
        max(case when measure_origin = 'requirement' then measure_year end)
            as requirement_matrix_year
    from outcomes
    group by area_type, area_code, soc_vintage, soc_code, rule_set_code, designation
),

designations as (
    select designation
    from conditions
    group by designation
),

asked as (
    select
        occupations.area_type,
        occupations.area_code,
        occupations.soc_vintage,
        occupations.soc_code,
        rule_sets.rule_set_code,
        rule_sets.valid_from as rule_valid_from,
        designations.designation
    from occupations
    cross join rule_sets
    cross join designations
),

occupation_designations as (
    select
        asked.area_type,
        asked.area_code,
        asked.soc_vintage,
        asked.soc_code,
        asked.rule_set_code,
        asked.designation,
        asked.rule_valid_from,
        measured_years.wage_vintage_year,
        measured_years.projection_base_year,
        measured_years.requirement_matrix_year,
        coalesce(decided.designation_result, 'not_defined') as designation_result
    from asked
    left join decided
        on
            asked.area_type = decided.area_type
            and asked.area_code = decided.area_code
            and asked.soc_vintage = decided.soc_vintage
            and asked.soc_code = decided.soc_code
            and asked.rule_set_code = decided.rule_set_code
            and asked.designation = decided.designation
    left join measured_years
        on
            asked.area_type = measured_years.area_type
            and asked.area_code = measured_years.area_code
            and asked.soc_vintage = measured_years.soc_vintage
            and asked.soc_code = measured_years.soc_code
            and asked.rule_set_code = measured_years.rule_set_code
            and asked.designation = measured_years.designation
)

select * from occupation_designations
