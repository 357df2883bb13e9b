with landed as (
    {{ landed('nsc', 'searches') }}
),

-- Some feeds return the id upper-cased and behind an underscore.
searches as (
    select
        search_date,
        load_id,
        row_number,
        lower(ltrim(requester_return_field, '_')) as nsc_return_id
    from landed
)

select * from searches
