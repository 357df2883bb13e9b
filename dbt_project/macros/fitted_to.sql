{#
    One half of a round of biproportional fitting: parts are scaled so that those of a group add up
    to what is sought; what a group has whose parts are all zero is said beside it.
    Example: {{ fitted_to('round_0', 'aim', 'program_number', otherwise='0') }}
#}
{% macro fitted_to(parts, sought, group, otherwise) -%}
    select
        occupation_number,
        program_number,
        openings,
        equal_part,
        aim,
        cast(
            coalesce(
                fitted * {{ sought }} / nullif(sum(fitted) over (partition by {{ group }}), 0),
                {{ otherwise }}
            ) as numeric(20, 10)
        ) as fitted
    from {{ parts }}
{%- endmacro %}
