{#
    What is this? A part is never larger than its whole, and neither is negative.
    When does it matter? A share above one means that part and whole count different people.
    How to fix? Compare the filters of both counts; both must start from the same members.
#}
{% test numerator_le_denominator(model, numerator, denominator) %}
select count(*) as failing_rows
from {{ model }}
where {{ numerator }} > {{ denominator }} or {{ numerator }} < 0
having count(*) > 0
{% endtest %}
