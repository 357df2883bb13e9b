{#
    Whether a text has letters beyond ASCII: more bytes than signs.
    Example: {{ has_foreign_letters('area_title') }} as is_encoding_doubtful
#}
{% macro has_foreign_letters(expression) -%}
    {%- if engine() == 'duckdb' -%}
        strlen({{ expression }}) != length({{ expression }})
    {%- else -%}
        octet_length({{ expression }}) != length({{ expression }})
    {%- endif -%}
{%- endmacro %}
