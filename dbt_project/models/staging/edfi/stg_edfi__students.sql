with landed as (
    {{ landed('edfi', 'students') }}
),

students as (
    select
        student_unique_id as student_id_dpi,
        first_name,
        middle_name,
        last_surname as last_name,
        generation_code_suffix as name_suffix,
        birth_date,
        load_id,
        row_number,
        coalesce(multiple_birth_status, false) as is_multiple_birth
    from landed
)

select * from students
