{#
    What is this? The members of a dimension, the residual included, add up to their total's rows.
    When does it matter? Tables are protected under the assumption that members add up.
    How to fix? Look for members that the codelist lacks, and for people in two members at once.
    `within` names a column that splits the members into factors, each of which adds up by itself.
    `parent` names a column with the code of the member one level above, whose row is the total.
#}
{% test conserves_total(model, measure, member, keys, total='All', within=none, parent=none) %}
with totals as (
    select
        {{ (keys + ([member] if parent else [])) | join(', ') }},
        sum({{ measure }}) as total_measure
    from {{ model }}
    where {{ '1 = 1' if parent else member ~ " = '" ~ total ~ "'" }}
    group by {{ (keys + ([member] if parent else [])) | join(', ') }}
),

members as (
    select
        {{ (keys + ([parent] if parent else []) + ([within] if within else [])) | join(', ') }},
        sum({{ measure }}) as member_measure
    from {{ model }}
    where {{ parent ~ ' is not null' if parent else member ~ " != '" ~ total ~ "'" }}
    group by {{ (keys + ([parent] if parent else []) + ([within] if within else [])) | join(', ') }}
)

select count(*) as failing_groups
from members
left join totals
    on {{ equal_columns(keys, 'members', 'totals') }}
        and {{ 'members.' ~ parent ~ ' = totals.' ~ member if parent else '1 = 1' }}
where totals.total_measure is null or members.member_measure != totals.total_measure
having count(*) > 0
{% endtest %}
