with landed as (
    {{ landed('crosswalks', 'cip_codes') }}
),

cip_codes_rows as (
    select
        cip_code,
        cip_definition,
        action as cip_action,
        load_id,
        row_number,
        '2020' as cip_vintage,
        trim(trailing '.' from trim(cip_title)) as cip_title,
        action not in ('Deleted', 'Moved to') as is_valid_code
    from landed
)

select * from cip_codes_rows
