with wages as (
    select * from {{ ref('stg_bls_oews__wages') }}
),

defined_areas as (
    select * from {{ ref('int_area__delineations_followed') }}
),

cbsas as (
    select * from {{ ref('int_area__cbsas_followed') }}
),

states as (
    select * from {{ ref('states') }}
),

counties as (
    select * from {{ ref('counties') }}
),

regions as (
    select * from {{ ref('regions') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

survey_areas as (
    select
        wages.area_code,
        wages.area_type_code,
        wages.state_code,
        wages.area_title as area_name,
        -- Metropolitan and nonmetropolitan areas change their counties with the vintage.
        case when wages.area_type_code in ('4', '6') then wages.vintage_year end as area_vintage,
        case wages.area_type_code
            when '1' then 'nation'
            when '2' then 'state'
            when '3' then 'territory'
            when '4' then 'metropolitan'
            else 'nonmetropolitan'
        end as area_type,
        row_number() over (
            partition by
                wages.area_type_code,
                wages.area_code,
                case when wages.area_type_code in ('4', '6') then wages.vintage_year end
            order by wages.vintage_year desc, wages.load_id desc, wages.row_number asc
        ) as place
    from wages
),

named_survey_areas as (
    select
        survey_areas.area_type,
        survey_areas.area_code,
        survey_areas.area_vintage,
        survey_areas.area_type_code,
        coalesce(survey_areas.area_name, survey_areas.area_code) as area_name,
        survey_areas.state_code,
        survey_areas.area_type = 'nation' or own_states.state_code is not null as is_in_scope
    from survey_areas
    left join states as listed_states
        on survey_areas.area_type = 'state' and survey_areas.area_code = listed_states.state_fips
    left join states as own_states
        on
            survey_areas.area_type in ('metropolitan', 'nonmetropolitan')
            and survey_areas.state_code = own_states.state_code
    where
        survey_areas.place = 1
        and listed_states.state_fips is null
        and (survey_areas.area_type != 'nation' or survey_areas.area_code != '99')
),

-- The nation is an area of every source, whether or not the wage survey is among the inputs.
nation_area as (
    select
        'nation' as area_type,
        '99' as area_code,
        cast(null as integer) as area_vintage,
        '1' as area_type_code,
        'U.S.' as area_name,
        'US' as state_code,
        true as is_in_scope
),

-- Areas that the definitions know and no loaded wage file has.
defined_only_areas as (
    select
        defined_areas.area_type,
        defined_areas.area_code,
        defined_areas.area_vintage,
        defined_areas.area_type_code,
        defined_areas.area_name,
        defined_areas.state_code,
        defined_areas.is_in_scope
    from defined_areas
    left join named_survey_areas
        on
            defined_areas.area_type = named_survey_areas.area_type
            and defined_areas.area_code = named_survey_areas.area_code
            and defined_areas.area_vintage = named_survey_areas.area_vintage
    where named_survey_areas.area_code is null and defined_areas.is_in_scope
),

state_areas as (
    select
        'state' as area_type,
        state_fips as area_code,
        cast(null as integer) as area_vintage,
        '2' as area_type_code,
        state_name as area_name,
        state_code,
        true as is_in_scope
    from states
),

county_areas as (
    select
        'county' as area_type,
        counties.county_fips as area_code,
        cast(null as integer) as area_vintage,
        cast(null as text) as area_type_code,
        counties.county_name || ' County' as area_name,
        reporting_state.state_code,
        true as is_in_scope
    from counties
    inner join reporting_state
        on counties.state_fips = reporting_state.state_fips
),

region_areas as (
    select
        regions.region_scheme as area_type,
        regions.region_code as area_code,
        cast(null as integer) as area_vintage,
        cast(null as text) as area_type_code,
        regions.region_name as area_name,
        reporting_state.state_code,
        true as is_in_scope
    from regions
    cross join reporting_state
),

areas as (
    select * from named_survey_areas
    union all
    select * from defined_only_areas
    union all
    select * from nation_area
    union all
    select * from state_areas
    union all
    select * from county_areas
    union all
    select * from region_areas
),

areas_with_key as (
    select
        {{ surrogate_key(['areas.area_type', 'areas.area_code', 'areas.area_vintage']) }}
            as area_key,
        areas.area_type,
        areas.area_code,
        areas.area_vintage,
        areas.area_type_code,
        areas.area_name,
        areas.state_code,
        defined_areas.delineated_since,
        defined_areas.county_count,
        -- An area of the wage survey holds from the May of its vintage until the next one.
        case
            when areas.area_vintage is not null
                then {{ date_in_year('areas.area_vintage', 5, 1) }}
            else regions.valid_from
        end as valid_from,
        case
            when areas.area_vintage < max(areas.area_vintage) over ()
                then {{ date_in_year('areas.area_vintage + 1', 4, 30) }}
            else regions.valid_to
        end as valid_to,
        areas.is_in_scope or coalesce(defined_areas.is_in_scope, false) as is_in_scope
    from areas
    left join defined_areas
        on
            areas.area_type = defined_areas.area_type
            and areas.area_code = defined_areas.area_code
            and areas.area_vintage = defined_areas.area_vintage
    left join regions
        on areas.area_type = regions.region_scheme and areas.area_code = regions.region_code
),

-- Apart from the areas of the wage survey: equal codes have other vintages there.
cbsa_areas as (
    select
        {{ surrogate_key(["'cbsa'", 'cbsa_code', 'cbsa_vintage']) }} as area_key,
        'cbsa' as area_type,
        cbsa_code as area_code,
        cbsa_vintage as area_vintage,
        cast(null as text) as area_type_code,
        cbsa_title as area_name,
        state_code,
        delineated_since,
        county_count,
        valid_from,
        valid_to,
        is_in_scope
    from cbsas
    where is_in_scope
),

united_areas as (
    select * from areas_with_key
    union all
    select * from cbsa_areas
)

select * from united_areas
