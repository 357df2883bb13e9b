{#
    Sources whose every release replaces all before it, as their contracts say: texts for a list.
    Example: where source in ({{ sources_replaced_whole() }})
#}
{% macro sources_replaced_whole() -%}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- for table in graph.sources.values() -%}
            {%- if table.source_meta.get('each_release') == 'replaces_all'
                and table.source_name not in names -%}
                {%- do names.append(table.source_name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    '{{ names | sort | join("', '") }}'
{%- endmacro %}
