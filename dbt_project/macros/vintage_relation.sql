{#
    What became of a code of an older vintage, over the pairs of two vintages.
    Example: {{ vintage_relation('from_soc_vintage, to_soc_vintage', 'soc') }} as vintage_relation
#}
{% macro vintage_relation(vintages, stem) -%}
    case
        when from_{{ stem }}_code is null then 'new'
        when to_{{ stem }}_code is null then 'deleted'
        when count(*) over (partition by {{ vintages }}, from_{{ stem }}_code) > 1 then 'split'
        when count(*) over (partition by {{ vintages }}, to_{{ stem }}_code) > 1 then 'merged'
        when
            from_{{ stem }}_code = to_{{ stem }}_code
            and lower(from_{{ stem }}_title) = lower(to_{{ stem }}_title)
            then 'same'
        else 'renamed'
    end
{%- endmacro %}

{#
    The share of a code of an older vintage that goes to each newer one: no publisher tells it, so
    that the parts are equal; null for codes without a partner.
    Example: {{ vintage_weight('from_soc_vintage, to_soc_vintage', 'soc') }} as vintage_weight
#}
{% macro vintage_weight(vintages, stem) -%}
    cast(
        case
            when from_{{ stem }}_code is not null and to_{{ stem }}_code is not null
                then 1.0 / count(*) over (partition by {{ vintages }}, from_{{ stem }}_code)
        end as numeric(18, 15)
    )
{%- endmacro %}

{#
    How the share was found, from the relation.
    Example: {{ weight_method('vintage_relation') }} as weight_method
#}
{% macro weight_method(relation) -%}
    case
        when {{ relation }} = 'split' then 'equal_split'
        when {{ relation }} not in ('new', 'deleted') then 'whole'
    end
{%- endmacro %}
