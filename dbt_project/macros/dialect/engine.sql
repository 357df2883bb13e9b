{#
    The engine that runs the SQL. Linting has no target: it reads the PostgreSQL form.
    Example: {% if engine() == 'spark' %}
#}
{% macro engine() -%}
    {{- target.type if target is defined and target.type else 'postgres' -}}
{%- endmacro %}
