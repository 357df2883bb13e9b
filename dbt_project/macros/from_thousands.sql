{#
    Persons, where a publisher counts in thousands with one digit.
    Example: {{ from_thousands('openings_thousands') }} as openings_count
#}
{% macro from_thousands(measure) -%}
    cast(round(1000 * {{ measure }}, 0) as bigint)
{%- endmacro %}
