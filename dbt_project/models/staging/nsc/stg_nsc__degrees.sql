with landed as (
    {{ landed('nsc', 'degrees') }}
),

-- Some feeds return the id upper-cased and behind an underscore.
degrees as (
    select
        search_date,
        graduation_date,
        college_code,
        college_name,
        college_state,
        institution_level,
        institution_control,
        degree_title,
        degree_cip_1 as degree_cip,
        load_id,
        row_number,
        lower(ltrim(requester_return_field, '_')) as nsc_return_id
    from landed
)

select * from degrees
