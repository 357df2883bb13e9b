{#
    What is this? Spans of one key do not overlap; an open span lasts until `open_end`.
    When does it matter? Two rules or states in force on one day give two answers.
    How to fix? End the earlier row the day before the later one begins.
#}
{% test no_overlap_in_time(model, keys, first, last, open_end) %}
with ordered as (
    select
        {{ first }} as first_day,
        lag(coalesce({{ last }}, {{ open_end }})) over (
            {% if keys %}partition by {{ keys | join(', ') }}{% endif %}
            order by {{ first }}
        ) as earlier_last_day
    from {{ model }}
)

select count(*) as overlapping_spans
from ordered
where first_day <= earlier_last_day
having count(*) > 0
{% endtest %}
