{#
    The status of a wage that does not exist because the occupation is paid by the other measure:
    teachers have no hourly wage, performers no annual one. BLS prints the mark of a suppression.
    Example: {{ paid_otherwise('hourly_mean_wage_usd', 'is_annual_only') }} as hourly_mean_wage_usd_status
#}
{% macro paid_otherwise(measure, flag) -%}
    case
        when {{ flag }} and {{ measure }}_status in ('suppressed_at_source', 'missing') then 'not_applicable'
        else {{ measure }}_status
    end
{%- endmacro %}
