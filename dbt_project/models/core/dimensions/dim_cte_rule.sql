with cte_concentrator_rules as (
    select * from {{ ref('cte_concentrator_rules') }}
),

rules_in_order as (
    select
        rule_version as cte_rule_version,
        first_school_year,
        last_school_year,
        minimum_grade,
        passed_courses,
        passed_courses_when_continuing,
        participant_needs_pass,
        lag(rule_version) over (order by first_school_year) as previous_rule_version,
        lag(minimum_grade) over (order by first_school_year) as previous_minimum_grade,
        lag(passed_courses) over (order by first_school_year) as previous_passed_courses,
        lag(passed_courses_when_continuing) over (order by first_school_year)
            as previous_passed_courses_when_continuing
    from cte_concentrator_rules
),

rules as (
    select
        cte_rule_version,
        first_school_year,
        last_school_year,
        minimum_grade,
        passed_courses,
        passed_courses_when_continuing,
        participant_needs_pass,
        coalesce(
            minimum_grade != previous_minimum_grade
            or passed_courses != previous_passed_courses
            or passed_courses_when_continuing != previous_passed_courses_when_continuing,
            false
        ) as has_new_concentrator_rule,
        'rule ' || cte_rule_version || ' in place of ' || previous_rule_version as break_reason
    from rules_in_order
)

select * from rules
