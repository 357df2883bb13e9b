with landed as (
    {{ landed('edfi', 'student_education_organization_associations') }}
),

races as (
    select
        landed.student_unique_id as student_id_dpi,
        landed.education_organization_id,
        {{ after_hash(json_text('element.race', 'raceDescriptor')) }} as race,
        landed.load_id,
        landed.row_number
    from landed
    cross join {{ json_elements('landed.races') }} as element (race)
)

select * from races
