with landed as (
    {{ landed('bls_qcew', 'area_titles') }}
),

-- The publisher writes the first four digits of a metropolitan or micropolitan area, whose fifth is
-- always a zero, behind a C; CS and three digits is a combined area, which the others do not code.
area_titles as (
    select
        area_fips,
        area_title,
        load_id,
        row_number,
        case
            when
                substring(area_fips, 1, 1) = 'C'
                and substring(area_fips, 2, 1) >= '0'
                and substring(area_fips, 2, 1) <= '9'
                then substring(area_fips, 2, 4) || '0'
        end as cbsa_code
    from landed
)

select * from area_titles
