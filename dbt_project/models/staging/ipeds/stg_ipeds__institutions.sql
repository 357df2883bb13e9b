with landed as (
    {{ landed('ipeds', 'institutions') }}
),

institutions as (
    select
        collection_year,
        unitid,
        opeid,
        institution_name,
        city,
        state_abbreviation,
        zip_code,
        county_fips,
        county_fips_status,
        cbsa_code,
        sector_code,
        institution_level_code,
        control_code,
        highest_offering_code,
        active_code,
        longitude,
        latitude,
        load_id,
        row_number,
        coalesce(state_fips, substring(county_fips, 1, 2)) as state_fips
    from landed
)

select * from institutions
