{#
    md5 of a text as uuid (16 bytes, quick joins); Spark has no uuid type and keeps the text.
    Example: {{ md5_uuid("county_fips || '|' || region_code") }}
#}
{% macro md5_uuid(text_expression) -%}
    {%- if engine() == 'spark' -%}
        md5({{ text_expression }})
    {%- else -%}
        cast(md5({{ text_expression }}) as uuid)
    {%- endif -%}
{%- endmacro %}
