with landed as (
    {{ landed('edfi', 'student_school_associations') }}
),

enrollments as (
    select
        student_unique_id as student_id_dpi,
        school_id,
        coalesce(school_year, {{ school_year_of('entry_date') }}) as school_year,
        entry_date,
        exit_withdraw_date as exit_date,
        {{ after_hash('entry_grade_level_descriptor') }} as entry_grade_level,
        {{ after_hash('exit_withdraw_type_descriptor') }} as exit_reason,
        coalesce(primary_school, false) as is_primary_school,
        full_time_equivalency,
        load_id,
        row_number
    from landed
)

select * from enrollments
