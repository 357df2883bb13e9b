{#
    Refresh what the planner knows of a table just built; nothing where the engine does so itself.
    Example: +post-hook: "{{ refreshed_statistics(this) }}"
#}
{% macro refreshed_statistics(relation) -%}
    {%- if engine() == 'postgres' -%}
        analyze {{ relation }}
    {%- endif -%}
{%- endmacro %}
