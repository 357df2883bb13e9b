with outcomes as (
    select * from {{ ref('int_occupation__compared') }}
),

rule_sets as (
    select * from {{ ref('int_rule_set__dated') }}
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

-- The vintages of the figures go with the outcome, to stand beside the result.
decided_clauses as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        rule_version,
        designation,
        alternative_number,
        clause_number,
        max(case when measure_origin = 'wage' then measure_year end) as wage_vintage_year,
        max(case when measure_origin = 'projection' then measure_year end)
            as projection_base_year,
        max(case when measure_origin = 'requirement' then measure_year end)
            as requirement_matrix_year,
        case
            when sum(coalesce(condition_outcome, 0)) >= max(needed_count) then 1
            when sum(coalesce(condition_outcome, 1)) >= max(needed_count) then null
            else 0
        end as outcome
    from outcomes
    group by
        area_type, area_code, soc_vintage, soc_code, rule_set_code, rule_version, designation,
        alternative_number, clause_number
),

decided_alternatives as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        rule_version,
        designation,
        alternative_number,
        max(wage_vintage_year) as wage_vintage_year,
        max(projection_base_year) as projection_base_year,
        max(requirement_matrix_year) as requirement_matrix_year,
        case
            when min(coalesce(outcome, 1)) = 0 then 0
            when min(coalesce(outcome, 0)) = 1 then 1
        end as outcome
    from decided_clauses
    group by
        area_type, area_code, soc_vintage, soc_code, rule_set_code, rule_version, designation,
        alternative_number
),

decided as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        rule_version,
        designation,
        max(wage_vintage_year) as wage_vintage_year,
        max(projection_base_year) as projection_base_year,
        max(requirement_matrix_year) as requirement_matrix_year,
        case
            when max(coalesce(outcome, 0)) = 1 then 'yes'
            when max(coalesce(outcome, 1)) = 1 then 'unknown'
            else 'no'
        end as designation_result
    from decided_alternatives
    group by area_type, area_code, soc_vintage, soc_code, rule_set_code, rule_version, designation
),

defined as (
    select
        rule_set_code,
        rule_version,
        designation
    from conditions
    group by rule_set_code, rule_version, designation
),

designations as (
    select designation
    from conditions
    group by designation
),

undefined as (
    select
        rule_sets.rule_set_code,
        rule_sets.rule_version,
        rule_sets.rule_region_scheme,
        rule_sets.rule_region_code,
        rule_sets.rule_valid_from,
        designations.designation
    from rule_sets
    cross join designations
    left join defined
        on
            rule_sets.rule_set_code = defined.rule_set_code
            and rule_sets.rule_version = defined.rule_version
            and designations.designation = defined.designation
    where defined.designation is null
),

occupation_designations as (
    select
        decided.area_type,
        decided.area_code,
        decided.soc_vintage,
        decided.soc_code,
        decided.rule_set_code,
        decided.rule_version,
        decided.designation,
        rule_sets.rule_valid_from,
        decided.wage_vintage_year,
        decided.projection_base_year,
        decided.requirement_matrix_year,
        decided.designation_result
    from decided
    inner join rule_sets
        on
            decided.rule_set_code = rule_sets.rule_set_code
            and decided.rule_version = rule_sets.rule_version
    union all
    select
        occupations.area_type,
        occupations.area_code,
        occupations.soc_vintage,
        occupations.soc_code,
        undefined.rule_set_code,
        undefined.rule_version,
        undefined.designation,
        undefined.rule_valid_from,
        cast(null as integer) as wage_vintage_year,
        cast(null as integer) as projection_base_year,
        cast(null as integer) as requirement_matrix_year,
        'not_defined' as designation_result
    from occupations
    inner join undefined
        on
            undefined.rule_region_code is null
            or (
                occupations.area_type = undefined.rule_region_scheme
                and occupations.area_code = undefined.rule_region_code
            )
)

select * from occupation_designations
