with transitions as (
    select * from {{ ref('fct_ps_transition') }}
),

rules as (
    select * from {{ ref('transition_rules') }}
),

windows as (
    select * from {{ ref('transition_windows') }}
),

returns as (
    select * from {{ ref('dim_clearinghouse_return') }}
),

cte_rules as (
    select * from {{ ref('dim_cte_rule') }}
),

classes as (
    select
        diploma_class,
        bool_and(is_fall_complete) as is_fall_complete,
        bool_and(is_12_months_complete) as is_12_months_complete,
        bool_and(is_16_months_complete) as is_16_months_complete
    from transitions
    group by diploma_class
),

rules_in_order as (
    select
        rule_version,
        first_diploma_class,
        last_diploma_class,
        class_last_month,
        class_last_day,
        returns_until_final,
        lag(rule_version) over (order by first_diploma_class) as previous_rule_version
    from rules
),

ruled_classes as (
    select
        classes.diploma_class,
        classes.is_fall_complete,
        classes.is_12_months_complete,
        classes.is_16_months_complete,
        rules_in_order.rule_version,
        rules_in_order.returns_until_final,
        {{ add_months(
            date_in_year(
                'classes.diploma_class', 'rules_in_order.class_last_month',
                'rules_in_order.class_last_day'
            ),
            'windows.months'
        ) }} as month_16_date,
        case
            when classes.diploma_class = rules_in_order.first_diploma_class
                then
                    'rule ' || rules_in_order.rule_version
                    || ' in place of ' || rules_in_order.previous_rule_version
        end as break_reason,
        case
            when
                classes.diploma_class = cte_rules.first_school_year
                and cte_rules.has_new_concentrator_rule
                then cte_rules.break_reason
        end as pathway_break_reason
    from classes
    inner join rules_in_order
        on
            classes.diploma_class >= rules_in_order.first_diploma_class
            and classes.diploma_class <= rules_in_order.last_diploma_class
    inner join windows
        on windows.window_code = '16_months'
    left join cte_rules
        on
            classes.diploma_class >= cte_rules.first_school_year
            and classes.diploma_class <= cte_rules.last_school_year
),

-- Returns received on one day are one: old ones loaded together follow nobody any further.
late_returns as (
    select
        ruled_classes.diploma_class,
        count(distinct returns.received_date) as late_return_count
    from ruled_classes
    inner join returns
        on ruled_classes.month_16_date < returns.received_date
    group by ruled_classes.diploma_class
),

followed as (
    select
        ruled_classes.diploma_class,
        ruled_classes.rule_version,
        ruled_classes.is_fall_complete,
        ruled_classes.is_12_months_complete,
        ruled_classes.is_16_months_complete,
        ruled_classes.break_reason,
        cast(coalesce(late_returns.late_return_count, 0) as integer) as late_return_count,
        ruled_classes.is_16_months_complete
        and coalesce(late_returns.late_return_count, 0) >= ruled_classes.returns_until_final
            as is_final,
        coalesce(ruled_classes.break_reason, ruled_classes.pathway_break_reason)
            as pathway_break_reason
    from ruled_classes
    left join late_returns
        on ruled_classes.diploma_class = late_returns.diploma_class
)

select * from followed
