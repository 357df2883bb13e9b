with state_projections as (
    select * from {{ ref('stg_projections__state_projections') }}
),

nation_projections as (
    select * from {{ ref('stg_projections__ep_separations') }}
),

area_projections as (
    select * from {{ ref('stg_projections__area_projections') }}
),

source_files as (
    select * from {{ ref('int_source_file__publications') }}
),

states as (
    select * from {{ ref('states') }}
),

-- Projections Central tells openings, not how many of them are exits and transfers.
states_published as (
    select
        state_projections.area_type,
        state_projections.area_code,
        state_projections.soc_code,
        state_projections.soc_title,
        state_projections.horizon,
        state_projections.base_year,
        state_projections.projected_year,
        'projections_central' as publication_name,
        2 as publication_rank,
        source_files.recorded_from,
        source_files.publication_number,
        state_projections.base_employment_count,
        state_projections.base_employment_count_status,
        state_projections.projected_employment_count,
        state_projections.projected_employment_count_status,
        cast(null as bigint) as exits_count,
        'not_collected' as exits_count_status,
        cast(null as bigint) as transfers_count,
        'not_collected' as transfers_count_status,
        state_projections.openings_count,
        state_projections.openings_count_status,
        cast(null as boolean) as is_line_item,
        state_projections.load_id
    from state_projections
    inner join source_files
        on state_projections.load_id = source_files.load_id
    left join states
        on state_projections.area_code = states.state_fips
    where state_projections.area_type = 'nation' or states.state_fips is not null
),

nation_published as (
    select
        'nation' as area_type,
        '99' as area_code,
        nation_projections.soc_code,
        nation_projections.soc_title,
        'long' as horizon,
        nation_projections.base_year,
        nation_projections.projected_year,
        'bls_employment_projections' as publication_name,
        1 as publication_rank,
        source_files.recorded_from,
        source_files.publication_number,
        {{ from_thousands('nation_projections.base_employment_thousands') }}
            as base_employment_count,
        nation_projections.base_employment_thousands_status as base_employment_count_status,
        {{ from_thousands('nation_projections.projected_employment_thousands') }}
            as projected_employment_count,
        nation_projections.projected_employment_thousands_status
            as projected_employment_count_status,
        {{ from_thousands('nation_projections.exits_thousands') }} as exits_count,
        nation_projections.exits_thousands_status as exits_count_status,
        {{ from_thousands('nation_projections.transfers_thousands') }} as transfers_count,
        nation_projections.transfers_thousands_status as transfers_count_status,
        {{ from_thousands('nation_projections.openings_thousands') }} as openings_count,
        nation_projections.openings_thousands_status as openings_count_status,
        nation_projections.occupation_type = 'Line item' as is_line_item,
        nation_projections.load_id
    from nation_projections
    inner join source_files
        on nation_projections.load_id = source_files.load_id
),

areas_published as (
    select
        area_type,
        area_code,
        soc_code,
        soc_title,
        horizon,
        base_year,
        projected_year,
        'state_agency' as publication_name,
        1 as publication_rank,
        released_date as recorded_from,
        cast(0 as bigint) as publication_number,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        exits_count,
        exits_count_status,
        transfers_count,
        transfers_count_status,
        openings_count,
        openings_count_status,
        cast(null as boolean) as is_line_item,
        load_id
    from area_projections
),

published as (
    select * from states_published
    union all
    select * from nation_published
    union all
    select * from areas_published
),

-- Of two files of one day the one received last counts.
ranked as (
    select
        *,
        coalesce(cast(base_employment_count as text), base_employment_count_status) || ' '
        || coalesce(cast(projected_employment_count as text), projected_employment_count_status)
        || ' ' || coalesce(cast(exits_count as text), exits_count_status) || ' '
        || coalesce(cast(transfers_count as text), transfers_count_status) || ' '
        || coalesce(cast(openings_count as text), openings_count_status) as figures,
        row_number() over (
            partition by
                area_type, area_code, soc_code, horizon, base_year, projected_year,
                publication_name, recorded_from
            order by publication_number desc, load_id desc
        ) as place
    from published
),

compared as (
    select
        *,
        lag(figures) over (
            partition by
                area_type, area_code, soc_code, horizon, base_year, projected_year, publication_name
            order by recorded_from
        ) as earlier_figures
    from ranked
    where place = 1
),

-- A publication that repeats its figures makes no new version of them.
versions as (
    select
        *,
        lead(recorded_from) over (
            partition by
                area_type, area_code, soc_code, horizon, base_year, projected_year, publication_name
            order by recorded_from
        ) as recorded_to
    from compared
    where earlier_figures is null or earlier_figures != figures
),

publications as (
    select
        area_type,
        area_code,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        recorded_from,
        recorded_to,
        soc_title,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        exits_count,
        exits_count_status,
        transfers_count,
        transfers_count_status,
        openings_count,
        openings_count_status,
        is_line_item,
        load_id,
        -- Figures add up within a publication: one speaks for all occupations of an area.
        publication_rank = min(publication_rank) over (
            partition by area_type, area_code, horizon, base_year, projected_year
        ) as is_preferred
    from versions
)

select * from publications
