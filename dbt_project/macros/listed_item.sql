{#
    The item at a place (from 1) of a list that is written with `; ` between its items; empty where
    the list is shorter.
    Example: {{ listed_item('cluster_names', 2) }} as cluster_name
#}
{% macro listed_item(list, position) -%}
    split_part({{ list }}, '; ', {{ position }})
{%- endmacro %}
