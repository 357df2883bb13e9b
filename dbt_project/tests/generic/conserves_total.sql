{#
    What is this? The members of a dimension, the residual included, add up to their total's rows.
    When does it matter? Tables are protected under the assumption that members add up.
    How to fix? Look for members that the codelist lacks, and for people in two members at once.
    `within` names a column that splits the members into factors, each of which adds up by itself.
    `parent` names a column with the total's code, where totals are the rows of the parent.
#}
{% test conserves_total(model, measure, member, keys, total='All', within=none, parent=none) %}

with totals as (
    select
        {{ keys | join(', ') }},
        {% if parent %}{{ member }} as total_code,{% endif %}
        sum({{ measure }}) as total_measure
    from {{ model }}
    {% if not parent %}where {{ member }} = '{{ total }}'{% endif %}
    group by {{ (keys + ([member] if parent else [])) | join(', ') }}
),

members as (
    select
        {{ keys | join(', ') }},
        {% if parent %}{{ parent }} as total_code,{% endif %}
        {% if within %}{{ within }} as factor,{% endif %}
        sum({{ measure }}) as member_measure
    from {{ model }}
    where {% if parent %}{{ parent }} is not null{% else %}{{ member }} != '{{ total }}'{% endif %}
    group by
        {{ (keys + ([parent] if parent else []) + ([within] if within else [])) | join(', ') }}
)

select count(*) as failing_groups
from members
left join totals
    on
        {% for key in keys -%}
        members.{{ key }} = totals.{{ key }} and
        {% endfor -%}
        {{ 'members.total_code = totals.total_code' if parent else '1 = 1' }}
where totals.total_measure is null or members.member_measure != totals.total_measure
having count(*) > 0
{% endtest %}
