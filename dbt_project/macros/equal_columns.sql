{#
    The condition that two relations agree in columns of the same names.
    Example: left join totals on {{ equal_columns(['school_year'], 'members', 'totals') }}
#}
{% macro equal_columns(columns, left, right) -%}
    {%- for column in columns -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
