{#
    A key made from a natural key: md5 of its parts with a named sentinel for null, as 16 bytes.
    Never for people: person keys are random, with a kept map (`identity.person`).
    Example: {{ surrogate_key(['organization_level', 'organization_code']) }} as organization_key
#}
{% macro surrogate_key(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append("coalesce(cast(" ~ part ~ " as text), '__null__')") -%}
    {%- endfor -%}
    {{ md5_uuid(texts | join(" || '|' || ")) }}
{%- endmacro %}
