{#
    One row per column of every published table, read from the project itself: a second dictionary
    cannot exist. Gives an empty relation of the same shape while the project is only parsed.
    Example: with dictionary_rows as ({{ dictionary_rows() }})
#}
{% macro dictionary_rows() -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | selectattr('config.schema', 'equalto', 'candidate')
            | sort(attribute='name') -%}
            {%- set meta = node.config.meta -%}
            {%- set derived = meta.get('disclosure', {}).get('student_derived', false) -%}
            {%- for column in node.columns.values() -%}
                {%- do rows.append([
                    node.name, column.name, loop.index, column.data_type,
                    column.description, node.description, meta.grain, derived
                ]) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for row in rows %}
    {{ 'union all ' if not loop.first }}select
        {{ text_literal(row[0]) }} as table_name,
        {{ text_literal(row[1]) }} as column_name,
        {{ row[2] }} as column_position,
        {{ text_literal(row[3]) }} as data_type,
        {{ text_literal(row[4]) }} as column_description,
        {{ text_literal(row[5]) }} as table_description,
        {{ text_literal(row[6]) }} as grain,
        {{ row[7] | lower }} as is_student_derived
    {%- endfor -%}
    {%- if not rows %}
    select
        cast(null as text) as table_name,
        cast(null as text) as column_name,
        cast(null as integer) as column_position,
        cast(null as text) as data_type,
        cast(null as text) as column_description,
        cast(null as text) as table_description,
        cast(null as text) as grain,
        cast(null as boolean) as is_student_derived
    where 1 = 0
    {%- endif -%}
{%- endmacro %}

{#
    A text in single quotes, with quotes in it doubled and white space reduced to single blanks.
    Example: {{ text_literal("the state's code") }}
#}
{% macro text_literal(text) -%}
    '{{ (text or '').split() | join(' ') | replace("'", "''") }}'
{%- endmacro %}
