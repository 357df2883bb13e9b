{#
    Demand for newly trained people a year: growth, if there is any, and who leaves the labor force.
    Transfers in seldom need training.
    Example: {{ demand_new('annual_growth_count', 'exits_count') }} as demand_new_count
#}
{% macro demand_new(annual_growth, exits) -%}
    cast(
        case
            when {{ annual_growth }} > 0 then {{ annual_growth }}
            when {{ annual_growth }} <= 0 then 0
        end + {{ exits }} as numeric(14, 1)
    )
{%- endmacro %}
