{#
    Sums of measures by keys, once over everybody (All) and once by every factor's groups.
    The relation has one column per factor, as fct_student_year has.
    Example: {{ by_demographic_group('members', ['school_year'], ['member_count']) }}
#}
{% macro by_demographic_group(relation, keys, measures, with_total=true) -%}
    {%- set parts = (['All'] if with_total else []) + demographic_factors() -%}
    {%- for factor in parts %}
    {{ 'union all ' if not loop.first }}select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        '{{ factor }}' as demographic_factor,
        {{ "'All'" if factor == 'All' else factor }} as demographic_group
        {%- for measure in measures -%}
        ,
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from {{ relation }}
    group by {{ (keys + ([] if factor == 'All' else [factor])) | join(', ') }}
    {%- endfor -%}
{%- endmacro %}
