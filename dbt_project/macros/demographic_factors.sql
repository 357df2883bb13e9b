{#
    Columns of dim_student that divide students into reporting groups, one factor each.
    Example: {% for factor in demographic_factors() %} {{ factor }} {% endfor %}
#}
{% macro demographic_factors() -%}
    {{- return([
        'sex', 'race_ethnicity', 'economic_status', 'disability_status', 'english_learner_status'
    ]) -}}
{%- endmacro %}
