with cte_concentrator_rules as (
    select * from {{ ref('cte_concentrator_rules') }}
),

rules as (
    select
        rule_version as cte_rule_version,
        first_school_year,
        last_school_year,
        minimum_grade,
        passed_courses,
        passed_courses_when_continuing,
        participant_needs_pass
    from cte_concentrator_rules
)

select * from rules
