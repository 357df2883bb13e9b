with supply_rules as (
    select * from {{ ref('supply_rules') }}
),

rules as (
    select
        rule_version,
        first_award_year,
        last_award_year,
        years_averaged
    from supply_rules
)

select * from rules
