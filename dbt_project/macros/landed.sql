{#
    The raw rows of the run's inputs: what staging models read instead of a source.
    A run's inputs are loads (`ops.run_input`); a raw table is append-only and holds other loads too.
    Example: with landed as ({{ landed('crosswalks', 'cip_soc') }})
#}
{% macro landed(source_name, table_name) -%}
    select raw_row.*
    from {{ source(source_name, table_name) }} as raw_row
    where
        raw_row.load_id in (
            select run_input.load_id
            from {{ source('ops', 'run_input') }} as run_input
            where run_input.run_id = {{ var('run_id') }}
        )
{%- endmacro %}
