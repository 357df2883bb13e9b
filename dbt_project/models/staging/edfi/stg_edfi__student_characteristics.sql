with landed as (
    {{ landed('edfi', 'student_education_organization_associations') }}
),

characteristics as (
    select
        landed.student_unique_id as student_id_dpi,
        landed.education_organization_id,
        {{ after_hash(json_text('element.characteristic', 'studentCharacteristicDescriptor')) }}
            as characteristic,
        landed.load_id,
        landed.row_number
    from landed
    cross join
        {{ json_elements('landed.student_characteristics') }} as element (characteristic)
)

select * from characteristics
