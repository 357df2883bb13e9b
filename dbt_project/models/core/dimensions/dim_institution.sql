with directories as (
    select * from {{ ref('stg_ipeds__institutions') }}
),

completions as (
    select * from {{ ref('stg_ipeds__completions') }}
),

wtcs_districts as (
    select * from {{ ref('wtcs_districts') }}
),

ranked_directories as (
    select
        unitid,
        opeid,
        institution_name,
        city,
        state_abbreviation,
        state_fips,
        county_fips,
        county_fips_status,
        sector_code,
        control_code,
        institution_level_code,
        collection_year,
        longitude,
        latitude,
        row_number() over (
            partition by unitid
            order by collection_year desc, load_id desc, row_number asc
        ) as place
    from directories
),

newest_directories as (
    select * from ranked_directories
    where place = 1
),

-- Awards of a year without its directory may name institutions that no loaded directory knows.
known_unitids as (
    select unitid from newest_directories
    union
    select unitid from completions
),

institutions as (
    select
        {{ surrogate_key(['known_unitids.unitid']) }} as institution_key,
        known_unitids.unitid,
        newest_directories.opeid,
        wtcs_districts.wtcs_district_code,
        coalesce(newest_directories.institution_name, 'Not in the loaded directories')
            as institution_name,
        newest_directories.city,
        newest_directories.state_abbreviation,
        newest_directories.state_fips,
        newest_directories.county_fips,
        newest_directories.county_fips_status,
        newest_directories.sector_code,
        newest_directories.control_code,
        newest_directories.institution_level_code,
        newest_directories.longitude,
        newest_directories.latitude,
        newest_directories.collection_year as directory_year
    from known_unitids
    left join newest_directories
        on known_unitids.unitid = newest_directories.unitid
    left join wtcs_districts
        on known_unitids.unitid = wtcs_districts.unitid
)

select * from institutions
