with county_years as (
    select * from {{ ref('stg_bls_laus__county_annual') }}
),

observations as (
    select * from {{ ref('stg_bls_laus__observations') }}
),

api_observations as (
    select * from {{ ref('stg_bls_api__observations') }}
),

publications as (
    select * from {{ ref('int_source_file__publications') }}
),

measures as (
    select * from {{ ref('laus_measures') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

gaps as (
    select * from {{ ref('dim_collection_gap') }}
),

workbook_figures as (
    select
        'county' as area_type,
        county_years.county_fips as area_code,
        county_years.state_fips,
        county_years.calendar_year,
        'M13' as period_code,
        measures.laus_measure_code,
        false as is_seasonally_adjusted,
        county_years.released_date as recorded_from,
        cast(
            case measures.laus_measure_code
                when '03' then county_years.unemployment_rate_pct
                when '04' then county_years.unemployed_count
                when '05' then county_years.employed_count
                else county_years.labor_force_count
            end as numeric(14, 1)
        ) as laus_value,
        case measures.laus_measure_code
            when '03' then county_years.unemployment_rate_pct_status
            when '04' then county_years.unemployed_count_status
            when '05' then county_years.employed_count_status
            else county_years.labor_force_count_status
        end as laus_value_status,
        false as is_preliminary,
        county_years.load_id,
        cast(0 as bigint) as publication_number
    from county_years
    cross join measures
    where measures.laus_measure_code in ('03', '04', '05', '06')
),

-- The publisher's API has the series that the state's flat file lacks, under the same ids.
every_observation as (
    select
        laus_area_code,
        laus_measure_code,
        calendar_year,
        period_code,
        is_seasonally_adjusted,
        laus_value,
        laus_value_status,
        is_preliminary,
        load_id
    from observations
    union all
    select
        substring(series_id, 4, 15) as laus_area_code,
        substring(series_id, 19, 2) as laus_measure_code,
        calendar_year,
        period_code,
        substring(series_id, 3, 1) = 'S' as is_seasonally_adjusted,
        cast(series_value as numeric(14, 1)) as laus_value,
        series_value_status as laus_value_status,
        is_preliminary,
        load_id
    from api_observations
    where substring(series_id, 1, 2) = 'LA' and substring(series_id, 4, 2) in ('ST', 'CN')
),

flat_figures as (
    select
        case substring(every_observation.laus_area_code, 1, 2)
            when 'CN' then 'county'
            else 'state'
        end as area_type,
        case substring(every_observation.laus_area_code, 1, 2)
            when 'CN' then substring(every_observation.laus_area_code, 3, 5)
            else substring(every_observation.laus_area_code, 3, 2)
        end as area_code,
        substring(every_observation.laus_area_code, 3, 2) as state_fips,
        every_observation.calendar_year,
        every_observation.period_code,
        every_observation.laus_measure_code,
        every_observation.is_seasonally_adjusted,
        publications.recorded_from,
        every_observation.laus_value,
        case
            when
                every_observation.laus_value is null
                and gaps.first_date is not null
                then 'never_collected'
            else every_observation.laus_value_status
        end as laus_value_status,
        every_observation.is_preliminary,
        every_observation.load_id,
        publications.publication_number
    from every_observation
    inner join publications
        on every_observation.load_id = publications.load_id
    left join gaps
        on
            gaps.source_name = 'bls_laus'
            and every_observation.period_code != 'M13'
            and {{ first_day_of_period(
                'every_observation.calendar_year', 'every_observation.period_code'
            ) }}
            between gaps.first_date and gaps.last_date
),

published_figures as (
    select * from workbook_figures
    union all
    select * from flat_figures
),

-- Of two files that came out on one day the one received last counts.
ranked_figures as (
    select
        published_figures.*,
        row_number() over (
            partition by
                published_figures.area_type,
                published_figures.area_code,
                published_figures.calendar_year,
                published_figures.period_code,
                published_figures.laus_measure_code,
                published_figures.is_seasonally_adjusted,
                published_figures.recorded_from
            order by published_figures.publication_number desc, published_figures.load_id desc
        ) as place
    from published_figures
    inner join reporting_state
        on published_figures.state_fips = reporting_state.state_fips
),

compared_figures as (
    select
        *,
        lag(laus_value) over (
            partition by
                area_type, area_code, calendar_year, period_code, laus_measure_code,
                is_seasonally_adjusted
            order by recorded_from
        ) as earlier_value,
        lag(laus_value_status || cast(is_preliminary as text)) over (
            partition by
                area_type, area_code, calendar_year, period_code, laus_measure_code,
                is_seasonally_adjusted
            order by recorded_from
        ) as earlier_state
    from ranked_figures
    where place = 1
),

-- A publication that repeats a figure makes no new version of it.
versions as (
    select
        *,
        lead(recorded_from) over (
            partition by
                area_type, area_code, calendar_year, period_code, laus_measure_code,
                is_seasonally_adjusted
            order by recorded_from
        ) as recorded_to
    from compared_figures
    where
        earlier_state is null
        or earlier_state != laus_value_status || cast(is_preliminary as text)
        or earlier_value is distinct from laus_value
),

laus as (
    select
        area_type,
        area_code,
        calendar_year,
        period_code,
        laus_measure_code,
        is_seasonally_adjusted,
        recorded_from,
        recorded_to,
        laus_value,
        laus_value_status,
        is_preliminary,
        load_id
    from versions
)

select * from laus
