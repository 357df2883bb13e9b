with decisions as (
    select * from {{ ref('fct_council_decision') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

regions as (
    select * from {{ ref('dim_region') }}
),

occupations as (
    select * from {{ ref('dim_occupation') }}
),

industries as (
    select * from {{ ref('dim_industry') }}
),

pathways as (
    select * from {{ ref('dim_pathway') }}
),

rule_sets as (
    select * from {{ ref('designation_rule_sets') }}
),

subjects as (
    select
        'occupation' as subject_kind,
        soc_code as subject_code,
        soc_vintage as subject_vintage,
        soc_title as subject_title,
        valid_from,
        valid_to
    from occupations
    union all
    select
        'industry' as subject_kind,
        naics_code as subject_code,
        naics_vintage as subject_vintage,
        industry_title as subject_title,
        valid_from,
        valid_to
    from industries
    union all
    select
        'pathway' as subject_kind,
        pathway_code as subject_code,
        'NONE' as subject_vintage,
        pathway_name as subject_title,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to
    from pathways
    union all
    select
        'rule_set' as subject_kind,
        rule_set_code as subject_code,
        'NONE' as subject_vintage,
        rule_set_name as subject_title,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to
    from rule_sets
),

-- A code means what the classification of the day of the decision says; of two in force on that
-- day, the one that is still.
described_decisions as (
    select
        decisions.region_scheme,
        decisions.region_code,
        regions.region_name,
        decisions.subject_kind,
        decisions.subject_code,
        subjects.subject_title,
        decisions.decision_date,
        decisions.decision,
        decisions.employers_consulted_count,
        decisions.evidence,
        coalesce(subjects.subject_vintage, 'UNKNOWN') as subject_vintage,
        row_number() over (
            partition by
                decisions.region_scheme,
                decisions.region_code,
                decisions.subject_kind,
                decisions.subject_code
            order by
                case when subjects.valid_to is null then 0 else 1 end,
                subjects.valid_from desc
        ) as place
    from decisions
    cross join snapshot
    left join regions
        on
            decisions.region_scheme = regions.region_scheme
            and decisions.region_code = regions.region_code
    left join subjects
        on
            decisions.subject_kind = subjects.subject_kind
            and decisions.subject_code = subjects.subject_code
            and (subjects.valid_from is null or decisions.decision_date >= subjects.valid_from)
            and (subjects.valid_to is null or decisions.decision_date <= subjects.valid_to)
    where
        decisions.decision_date <= snapshot.as_of_date
        and (decisions.superseded_date is null or decisions.superseded_date > snapshot.as_of_date)
        and decisions.decision != 'withdraw'
),

decisions_in_force as (
    select
        region_scheme,
        region_code,
        region_name,
        subject_kind,
        subject_code,
        subject_vintage,
        subject_title,
        decision_date,
        decision,
        employers_consulted_count,
        evidence
    from described_decisions
    where place = 1
)

select * from decisions_in_force
