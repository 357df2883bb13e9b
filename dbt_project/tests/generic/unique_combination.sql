{#
    What is this? No two rows share the columns, and none of them is null unless it is named in
    `nullable`: the grain holds.
    When does it matter? A doubled row doubles every figure that sums it.
    How to fix? Find the doubled key in the parents; repair the join or the contract's natural key.
#}
{% test unique_combination(model, columns, nullable=[]) %}
with counted as (
    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}
)

select count(*) as failing_keys
from counted
where
    row_count > 1
    {% for column in columns if column not in nullable -%}
    or {{ column }} is null
    {% endfor %}
having count(*) > 0
{% endtest %}
