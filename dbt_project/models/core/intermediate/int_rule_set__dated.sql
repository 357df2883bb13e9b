with rule_sets as (
    select * from {{ ref('designation_rule_sets') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

rule_sets_in_force as (
    select
        rule_sets.rule_set_code,
        rule_sets.rule_version,
        rule_sets.region_scheme as rule_region_scheme,
        rule_sets.region_code as rule_region_code,
        rule_sets.valid_from as rule_valid_from
    from rule_sets
    cross join snapshot
    where
        rule_sets.valid_from <= snapshot.as_of_date
        and (rule_sets.valid_to is null or rule_sets.valid_to >= snapshot.as_of_date)
)

select * from rule_sets_in_force
