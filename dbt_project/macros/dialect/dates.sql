{#
    A date some months later; the 31st becomes the last day of a shorter month.
    Example: {{ add_months('diploma_date', 12) }}
#}
{% macro add_months(date_expression, months) -%}
    {%- if engine() == 'spark' -%}
        add_months({{ date_expression }}, {{ months }})
    {%- else -%}
        cast({{ date_expression }} + ({{ months }}) * interval '1 month' as date)
    {%- endif -%}
{%- endmacro %}

{#
    The school year of a date, an integer named by its spring: July 1 2023 to June 30 2024 is 2024.
    Example: {{ school_year_of('entry_date') }} as school_year
#}
{% macro school_year_of(date_expression) -%}
    cast(
        extract(year from {{ date_expression }})
        + case when extract(month from {{ date_expression }}) >= 7 then 1 else 0 end
        as integer
    )
{%- endmacro %}

{#
    A date from a year, a month and a day, each an expression.
    Example: {{ date_in_year('diploma_class', 10, 31) }}
#}
{% macro date_in_year(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

{#
    Days from one date to another, a whole number.
    Example: {{ days_between('entry_date', 'exit_date') }} + 1 as enrolled_days
#}
{% macro days_between(first_expression, last_expression) -%}
    {%- if engine() == 'spark' -%}
        datediff({{ last_expression }}, {{ first_expression }})
    {%- else -%}
        ({{ last_expression }} - {{ first_expression }})
    {%- endif -%}
{%- endmacro %}

{#
    The day, in UTC, of a moment.
    Example: {{ utc_date('completed_at') }} as received_date
#}
{% macro utc_date(timestamp_expression) -%}
    {%- if engine() == 'spark' -%}
        to_date(to_utc_timestamp({{ timestamp_expression }}, current_timezone()))
    {%- else -%}
        cast({{ timestamp_expression }} at time zone 'UTC' as date)
    {%- endif -%}
{%- endmacro %}

{#
    The first day of a period of BLS: M01 to M12 are months, M13 is the year.
    Example: {{ first_day_of_period('calendar_year', 'period_code') }} as period_date
#}
{% macro first_day_of_period(year, period_code) -%}
    {{ date_in_year(
        year,
        "case when " ~ period_code ~ " = 'M13' then 1 else cast(substring(" ~ period_code ~ ", 2, 2) as integer) end",
        1
    ) }}
{%- endmacro %}

{#
    The day of a date as HTTP writes it (Wed, 02 Apr 2025 14:00:00 GMT); null of anything else.
    Example: {{ http_date('files.last_modified') }} as published_date
#}
{% macro http_date(text_expression) -%}
    {%- if engine() == 'spark' -%}
        cast(try_to_timestamp(substring({{ text_expression }}, 6, 11), 'dd MMM yyyy') as date)
    {%- else -%}
        case
            when {{ text_expression }} similar to '[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} %'
                then to_date(substring({{ text_expression }}, 6, 11), 'DD Mon YYYY')
        end
    {%- endif -%}
{%- endmacro %}
