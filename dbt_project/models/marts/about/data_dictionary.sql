with dictionary_rows as (
    {{ dictionary_rows() }}
),

dictionary as (
    select
        table_name,
        column_name,
        column_position,
        data_type,
        column_description,
        table_description,
        grain,
        is_student_derived
    from dictionary_rows
)

select * from dictionary
