{#
    A measure with the bound of its vintage where the source printed only that it is at or above it.
    Example: {{ top_coded('annual_p90_wage_usd', 'annual_top_code_usd') }} as annual_p90_wage_usd
#}
{% macro top_coded(measure, bound) -%}
    case when {{ measure }}_status = 'top_coded' then {{ bound }} else {{ measure }} end
{%- endmacro %}
