{#
    One row per source with a contract, read from the contracts themselves: publisher, licence,
    calendar. Gives an empty relation of the same shape while the project is only parsed.
    Example: with contracts as ({{ source_contracts() }})
#}
{% macro source_contracts() -%}
    {%- set known = {} -%}
    {%- if execute -%}
        {%- for table in graph.sources.values() | selectattr('source_meta.publisher', 'defined') -%}
            {%- do known.update({table.source_name: table.source_meta}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name in known | sort %}
    {%- set meta = known[name] %}
    {{ 'union all ' if not loop.first }}select
        {{ text_literal(name) }} as source_name,
        {{ text_literal(meta.publisher) }} as publisher,
        {{ text_literal(meta.licence) }} as licence,
        {{ text_literal(meta.landing_page) }} as landing_page,
        {{ text_literal(meta.access) }} as source_access,
        {{ text_literal(meta.schedule) }} as ask_schedule,
        {{ meta.freshness_days }} as freshness_days,
        {{ text_literal(meta.get('each_release', 'replaces_same')) }} as release_rule
    {%- endfor -%}
    {%- if not known %}
    select
        cast(null as text) as source_name,
        cast(null as text) as publisher,
        cast(null as text) as licence,
        cast(null as text) as landing_page,
        cast(null as text) as source_access,
        cast(null as text) as ask_schedule,
        cast(null as integer) as freshness_days,
        cast(null as text) as release_rule
    where 1 = 0
    {%- endif -%}
{%- endmacro %}
