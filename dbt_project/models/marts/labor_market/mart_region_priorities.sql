with designated as (
    select * from {{ ref('int_area__designated') }}
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

designated_regions as (
    select
        figures_area_type,
        figures_area_code
    from designated
    group by figures_area_type, figures_area_code
),

-- A region's own figures; those of the state where the region has none.
region_designations as (
    select
        designated.*,
        current_regions.region_scheme,
        current_regions.region_code,
        current_regions.region_name
    from current_regions
    left join designated_regions
        on
            current_regions.region_scheme = designated_regions.figures_area_type
            and current_regions.region_code = designated_regions.figures_area_code
    inner join designated
        on
            (
                designated_regions.figures_area_type = designated.figures_area_type
                and designated_regions.figures_area_code = designated.figures_area_code
            )
            or (designated_regions.figures_area_code is null and designated.is_reporting_state)
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
        region_designations.region_scheme,
        region_designations.region_code,
        region_designations.region_name,
        region_designations.soc_vintage,
        region_designations.soc_code,
        occupations.soc_title,
        region_designations.rule_set_code,
        region_designations.figures_area_type,
        region_designations.figures_area_code,
        region_designations.high_wage_result,
        region_designations.high_skill_result,
        region_designations.in_demand_result,
        region_designations.priority_by_figures,
        decided.decision_date,
        decided.employers_consulted_count,
        decided.evidence,
        adopted.decision_date as adopted_date,
        coalesce(decided.decision, 'no_decision') as council_decision,
        adopted.decision is not null as is_adopted_rule_set,
        case
            when decided.decision is null then 'no_decision'
            when region_designations.priority_by_figures = 'unknown' then 'unknown'
            when
                (decided.decision in ('priority', 'grow'))
                = (region_designations.priority_by_figures = 'yes')
                then 'agree'
            else 'differ'
        end as agreement
    from region_designations
    left join occupations
        on
            region_designations.soc_vintage = occupations.soc_vintage
            and region_designations.soc_code = occupations.soc_code
    left join decisions_in_force as decided
        on
            region_designations.region_scheme = decided.region_scheme
            and region_designations.region_code = decided.region_code
            and decided.subject_kind = 'occupation'
            and region_designations.soc_code = decided.subject_code
    left join decisions_in_force as adopted
        on
            region_designations.region_scheme = adopted.region_scheme
            and region_designations.region_code = adopted.region_code
            and adopted.subject_kind = 'rule_set'
            and adopted.decision = 'adopt'
            and region_designations.rule_set_code = adopted.subject_code
)

select * from region_priorities
