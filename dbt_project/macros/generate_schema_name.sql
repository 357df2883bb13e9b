{#
    The schema is the layer's configured name alone, in every target: `core`, not `dev_core`.
    Example: a model below models/core/ is written to `core`.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
