with state_designations as (
    select * from {{ ref('int_state__designated') }}
),

decisions as (
    select * from {{ ref('fct_council_decision') }}
),

regions as (
    select * from {{ ref('dim_region') }}
),

occupations as (
    select * from {{ ref('dim_occupation') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

current_regions as (
    select
        regions.region_scheme,
        regions.region_code,
        regions.region_name
    from regions
    cross join snapshot
    where
        regions.valid_from <= snapshot.as_of_date
        and (regions.valid_to is null or regions.valid_to >= snapshot.as_of_date)
),

decisions_in_force as (
    select
        decisions.region_scheme,
        decisions.region_code,
        decisions.subject_kind,
        decisions.subject_code,
        decisions.decision,
        decisions.decision_date,
        decisions.employers_consulted_count,
        decisions.evidence
    from decisions
    cross join snapshot
    where
        decisions.decision_date <= snapshot.as_of_date
        and (decisions.superseded_date is null or decisions.superseded_date > snapshot.as_of_date)
        and decisions.decision != 'withdraw'
),

region_priorities as (
    select
        current_regions.region_scheme,
        current_regions.region_code,
        current_regions.region_name,
        state_designations.soc_vintage,
        state_designations.soc_code,
        occupations.soc_title,
        state_designations.rule_set_code,
        state_designations.figures_area_type,
        state_designations.figures_area_code,
        state_designations.high_wage_result,
        state_designations.high_skill_result,
        state_designations.in_demand_result,
        state_designations.priority_by_figures,
        decided.decision_date,
        decided.employers_consulted_count,
        decided.evidence,
        adopted.decision_date as adopted_date,
        coalesce(decided.decision, 'no_decision') as council_decision,
        adopted.decision is not null as is_adopted_rule_set,
        case
            when decided.decision is null then 'no_decision'
            when state_designations.priority_by_figures = 'unknown' then 'unknown'
            when
                (decided.decision in ('priority', 'grow'))
                = (state_designations.priority_by_figures = 'yes')
                then 'agree'
            else 'differ'
        end as agreement
    from current_regions
    cross join state_designations
    left join occupations
        on
            state_designations.soc_vintage = occupations.soc_vintage
            and state_designations.soc_code = occupations.soc_code
    left join decisions_in_force as decided
        on
            current_regions.region_scheme = decided.region_scheme
            and current_regions.region_code = decided.region_code
            and decided.subject_kind = 'occupation'
            and state_designations.soc_code = decided.subject_code
    left join decisions_in_force as adopted
        on
            current_regions.region_scheme = adopted.region_scheme
            and current_regions.region_code = adopted.region_code
            and adopted.subject_kind = 'rule_set'
            and adopted.decision = 'adopt'
            and state_designations.rule_set_code = adopted.subject_code
)

select * from region_priorities
