with landed as (
    {{ landed('nsc', 'enrollments') }}
),

-- Some feeds return the id upper-cased and behind an underscore.
enrollments as (
    select
        search_date,
        enrollment_begin_date,
        enrollment_end_date,
        college_code,
        college_name,
        college_state,
        institution_level,
        institution_control,
        enrollment_status_code as enrollment_status,
        class_level_code as class_level,
        enrollment_cip_1 as major_cip,
        load_id,
        row_number,
        lower(ltrim(requester_return_field, '_')) as nsc_return_id
    from landed
)

select * from enrollments
