with landed as (
    {{ landed('edfi', 'programs') }}
),

programs as (
    select
        education_organization_id,
        program_name,
        load_id,
        row_number,
        {{ after_hash('program_type_descriptor') }} as program_type
    from landed
)

select * from programs
