{#
    The status of a figure made of several: that of the first of them that is no figure.
    Example: {{ joint_status(['base_employment_count', 'projected_employment_count']) }}
#}
{% macro joint_status(measures) -%}
    case
        {%- for measure in measures %}
        when {{ measure }} is null then {{ measure }}_status
        {%- endfor %}
        else 'reported'
    end
{%- endmacro %}
