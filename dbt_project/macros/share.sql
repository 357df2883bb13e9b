{#
    A part as a share of its whole, 0 to 1, six digits; null without a whole or without members.
    Example: {{ share('participant_count', 'member_count') }} as participant_share
#}
{% macro share(numerator, denominator) -%}
    cast(1.0 * {{ numerator }} / nullif({{ denominator }}, 0) as numeric(9, 6))
{%- endmacro %}

{#
    Why a share is there or not: a whole that is absent or zero has no share; a part that was not
    collected has none either.
    Example: {{ share_status('participant_count', 'member_count') }} as participant_share_status
#}
{% macro share_status(numerator, denominator, absent='not_collected') -%}
    case
        when coalesce({{ denominator }}, 0) = 0 then 'not_applicable'
        when {{ numerator }} is null then '{{ absent }}'
        else 'reported'
    end
{%- endmacro %}
