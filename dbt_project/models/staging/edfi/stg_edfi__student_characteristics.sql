with landed as (
    {{ landed('edfi', 'student_education_organization_associations') }}
),

characteristics as (
    select
        landed.student_unique_id as student_id_dpi,
        landed.education_organization_id,
        landed.load_id,
        landed.row_number,
        element.characteristic
    from landed
    cross join
        {{ json_elements('landed.student_characteristics') }} as element (characteristic)
),

-- A characteristic without periods holds as long as the record does.
periods as (
    select
        characteristics.student_id_dpi,
        characteristics.education_organization_id,
        characteristics.load_id,
        characteristics.row_number,
        {{ after_hash(
            json_text('characteristics.characteristic', 'studentCharacteristicDescriptor')
        ) }} as characteristic,
        cast({{ json_text('element.period', 'beginDate') }} as date) as begin_date,
        cast({{ json_text('element.period', 'endDate') }} as date) as end_date
    from characteristics
    cross join
        {{ json_elements_or_one('characteristics.characteristic', 'periods') }}
            as element (period)
)

select * from periods
