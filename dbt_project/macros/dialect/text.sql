{#
    The texts of a group in one line, in their own order.
    Example: {{ joined_text('inputs.label', '; ') }} as inputs
#}
{% macro joined_text(expression, separator) -%}
    {%- if engine() == 'spark' -%}
        array_join(array_sort(collect_list({{ expression }})), '{{ separator }}')
    {%- else -%}
        string_agg({{ expression }}, '{{ separator }}' order by {{ expression }})
    {%- endif -%}
{%- endmacro %}

{#
    The code behind the last `#` of a descriptor's URI, and null where there is none.
    Example: {{ after_hash('entry_grade_level_descriptor') }}
#}
{% macro after_hash(expression) -%}
    nullif(split_part({{ expression }}, '#', 2), '')
{%- endmacro %}

{#
    A whole number as text with leading zeros.
    Example: {{ zero_padded('local_education_agency_id', 4) }}
#}
{% macro zero_padded(expression, width) -%}
    lpad(cast({{ expression }} as text), {{ width }}, '0')
{%- endmacro %}
