{#
    One half of a round of biproportional fitting: parts are scaled so that those of a group add up
    to its aim; what a group has whose parts are all zero is said beside it.
    Example: {{ fitted_to('round_0', 'aim', ['area_code', 'cip_code'], otherwise='0') }}
#}
{% macro fitted_to(parts, sought, group, otherwise) -%}
    select
        area_type,
        area_code,
        soc_code,
        horizon,
        base_year,
        projected_year,
        cip_vintage,
        cip_code,
        rule_version,
        openings,
        equal_part,
        aim,
        cast(
            coalesce(
                fitted * {{ sought }}
                / nullif(sum(fitted) over (partition by {{ group | join(', ') }}), 0),
                {{ otherwise }}
            ) as numeric(24, 12)
        ) as fitted
    from {{ parts }}
{%- endmacro %}
