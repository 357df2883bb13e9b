{#
    Text of a field of a JSON object.
    Example: {{ json_text('race.element', 'raceDescriptor') }} as race_descriptor
#}
{% macro json_text(object_expression, field) -%}
    {%- if engine() == 'spark' -%}
        get_json_object({{ object_expression }}, '$.{{ field }}')
    {%- elif engine() == 'duckdb' -%}
        json_extract_string({{ object_expression }}, '$.{{ field }}')
    {%- else -%}
        ({{ object_expression }} ->> '{{ field }}')
    {%- endif -%}
{%- endmacro %}

{#
    The elements of a JSON array as rows, to be cross joined with the rows that hold the array.
    Rows whose array is null or empty give none.
    Example: from landed cross join {{ json_elements('landed.races') }} as race (element)
#}
{% macro json_elements(array_expression) -%}
    {%- if engine() == 'spark' -%}
        lateral explode(from_json({{ array_expression }}, 'array<string>'))
    {%- elif engine() == 'duckdb' -%}
        unnest(cast({{ array_expression }} as json[]))
    {%- else -%}
        jsonb_array_elements(
            case when jsonb_typeof({{ array_expression }}) = 'array' then {{ array_expression }} end
        )
    {%- endif -%}
{%- endmacro %}

{#
    Number of elements of a JSON array; 0 where there is none.
    Example: {{ json_length('disabilities') }} > 0 as has_disability
#}
{% macro json_length(array_expression) -%}
    {%- if engine() == 'spark' -%}
        coalesce(json_array_length({{ array_expression }}), 0)
    {%- elif engine() == 'duckdb' -%}
        coalesce(json_array_length({{ array_expression }}), 0)
    {%- else -%}
        coalesce(
            case
                when jsonb_typeof({{ array_expression }}) = 'array'
                    then jsonb_array_length({{ array_expression }})
            end,
            0
        )
    {%- endif -%}
{%- endmacro %}

{#
    As `json_elements` for an array inside a JSON object, but one empty object where there is none:
    the outer row is kept once.
    Example: cross join {{ json_elements_or_one('characteristics.item', 'periods') }} as element (period)
#}
{% macro json_elements_or_one(object_expression, field) -%}
    {%- if engine() == 'spark' -%}
        lateral explode(coalesce(
            nullif(from_json(get_json_object({{ object_expression }}, '$.{{ field }}'), 'array<string>'), array()),
            array('{}')
        ))
    {%- elif engine() == 'duckdb' -%}
        unnest(coalesce(
            nullif(cast(json_extract({{ object_expression }}, '$.{{ field }}') as json[]), []),
            [cast('{}' as json)]
        ))
    {%- else -%}
        jsonb_array_elements(
            case
                when jsonb_typeof({{ object_expression }} -> '{{ field }}') = 'array'
                    then coalesce(nullif({{ object_expression }} -> '{{ field }}', '[]'), '[{}]')
                else '[{}]'
            end
        )
    {%- endif -%}
{%- endmacro %}
