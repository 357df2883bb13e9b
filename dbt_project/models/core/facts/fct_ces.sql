with observations as (
    select * from {{ ref('stg_bls_ces__observations') }}
),

publications as (
    select * from {{ ref('int_source_file__publications') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

gaps as (
    select * from {{ ref('dim_collection_gap') }}
),

published_figures as (
    select
        observations.state_fips as area_code,
        observations.ces_industry_code,
        observations.calendar_year,
        observations.period_code,
        observations.is_seasonally_adjusted,
        publications.recorded_from,
        publications.publication_number,
        observations.is_preliminary,
        observations.load_id,
        cast(observations.jobs_thousands * 1000 as bigint) as nonfarm_job_count,
        case
            when observations.jobs_thousands is null and gaps.first_date is not null
                then 'never_collected'
            else observations.jobs_thousands_status
        end as nonfarm_job_count_status
    from observations
    inner join publications
        on observations.load_id = publications.load_id
    inner join reporting_state
        on observations.state_fips = reporting_state.state_fips
    left join gaps
        on
            gaps.source_name = 'bls_ces'
            and observations.period_code != 'M13'
            and {{ first_day_of_period('observations.calendar_year', 'observations.period_code') }}
            between gaps.first_date and gaps.last_date
),

-- Of two files that came out on one day the one received last counts.
ranked_figures as (
    select
        *,
        row_number() over (
            partition by
                area_code, ces_industry_code, calendar_year, period_code, is_seasonally_adjusted,
                recorded_from
            order by publication_number desc
        ) as place
    from published_figures
),

compared_figures as (
    select
        *,
        lag(nonfarm_job_count) over (
            partition by
                area_code, ces_industry_code, calendar_year, period_code, is_seasonally_adjusted
            order by recorded_from
        ) as earlier_count,
        lag(nonfarm_job_count_status || cast(is_preliminary as text)) over (
            partition by
                area_code, ces_industry_code, calendar_year, period_code, is_seasonally_adjusted
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
                area_code, ces_industry_code, calendar_year, period_code, is_seasonally_adjusted
            order by recorded_from
        ) as recorded_to
    from compared_figures
    where
        earlier_state is null
        or earlier_state != nonfarm_job_count_status || cast(is_preliminary as text)
        or earlier_count is distinct from nonfarm_job_count
),

ces as (
    select
        'state' as area_type,
        area_code,
        ces_industry_code,
        calendar_year,
        period_code,
        is_seasonally_adjusted,
        recorded_from,
        recorded_to,
        nonfarm_job_count,
        nonfarm_job_count_status,
        is_preliminary,
        load_id
    from versions
)

select * from ces
