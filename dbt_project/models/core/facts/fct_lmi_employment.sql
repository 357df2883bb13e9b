with quarters as (
    select * from {{ ref('stg_bls_qcew__quarterly') }}
),

years as (
    select * from {{ ref('stg_bls_qcew__annual') }}
),

publications as (
    select * from {{ ref('int_source_file__publications') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

counties as (
    select * from {{ ref('counties') }}
),

vintages as (
    select * from {{ ref('naics_vintages') }}
),

published_figures as (
    select
        area_fips,
        naics_code,
        ownership_code,
        size_class_code,
        calendar_year,
        quarter_code,
        aggregation_level_code,
        establishment_count,
        month1_employment_count,
        month1_employment_count_status,
        month2_employment_count,
        month2_employment_count_status,
        month3_employment_count,
        month3_employment_count_status,
        cast(null as bigint) as average_employment_count,
        'not_applicable' as average_employment_count_status,
        total_wage_usd,
        total_wage_usd_status,
        weekly_mean_wage_usd,
        weekly_mean_wage_usd_status,
        load_id
    from quarters
    union all
    select
        area_fips,
        naics_code,
        ownership_code,
        size_class_code,
        calendar_year,
        quarter_code,
        aggregation_level_code,
        establishment_count,
        cast(null as bigint) as month1_employment_count,
        'not_applicable' as month1_employment_count_status,
        cast(null as bigint) as month2_employment_count,
        'not_applicable' as month2_employment_count_status,
        cast(null as bigint) as month3_employment_count,
        'not_applicable' as month3_employment_count_status,
        average_employment_count,
        average_employment_count_status,
        total_wage_usd,
        total_wage_usd_status,
        weekly_mean_wage_usd,
        weekly_mean_wage_usd_status,
        load_id
    from years
),

dated_figures as (
    select
        published_figures.*,
        publications.recorded_from,
        publications.publication_number,
        publications.layout_name like '%single' as is_of_whole_file,
        {{ surrogate_key([
            'area_fips', 'naics_code', 'ownership_code', 'size_class_code', 'calendar_year',
            'quarter_code',
        ]) }} as cell_key,
        {{ surrogate_key([
            'aggregation_level_code', 'establishment_count',
            'month1_employment_count', 'month1_employment_count_status',
            'month2_employment_count', 'month2_employment_count_status',
            'month3_employment_count', 'month3_employment_count_status',
            'average_employment_count', 'average_employment_count_status',
            'total_wage_usd', 'total_wage_usd_status',
            'weekly_mean_wage_usd', 'weekly_mean_wage_usd_status',
        ]) }} as figures_key
    from published_figures
    inner join publications
        on published_figures.load_id = publications.load_id
    inner join reporting_state
        on
            published_figures.area_fips = 'US000'
            or substring(published_figures.area_fips, 1, 2) = reporting_state.state_fips
),

-- Of two files that came out on one day the one received last counts.
ranked_figures as (
    select
        *,
        row_number() over (
            partition by cell_key, recorded_from order by publication_number desc
        ) as place
    from dated_figures
),

period_dates as (
    select
        calendar_year,
        quarter_code,
        recorded_from,
        max(case when is_of_whole_file then 1 else 0 end) as has_whole_file
    from ranked_figures
    group by calendar_year, quarter_code, recorded_from
),

-- A revision may drop a cell; only a whole file says so, a slice has no other cells anyway.
next_whole_files as (
    select
        period_dates.calendar_year,
        period_dates.quarter_code,
        period_dates.recorded_from,
        min(later_dates.recorded_from) as next_whole_date
    from period_dates
    left join period_dates as later_dates
        on
            period_dates.calendar_year = later_dates.calendar_year
            and period_dates.quarter_code = later_dates.quarter_code
            and period_dates.recorded_from < later_dates.recorded_from
            and later_dates.has_whole_file = 1
    group by period_dates.calendar_year, period_dates.quarter_code, period_dates.recorded_from
),

appearances as (
    select
        ranked_figures.*,
        next_whole_files.next_whole_date,
        lead(ranked_figures.recorded_from) over (
            partition by ranked_figures.cell_key order by ranked_figures.recorded_from
        ) as next_date
    from ranked_figures
    inner join next_whole_files
        on
            ranked_figures.calendar_year = next_whole_files.calendar_year
            and ranked_figures.quarter_code = next_whole_files.quarter_code
            and ranked_figures.recorded_from = next_whole_files.recorded_from
    where ranked_figures.place = 1
),

-- A publication that repeats a cell's figures makes no new version of them.
begun_appearances as (
    select
        *,
        least(next_date, next_whole_date) as ends_on,
        case
            when
                lag(figures_key) over (
                    partition by cell_key order by recorded_from
                ) = figures_key
                and coalesce(
                    lag(next_whole_date) over (
                        partition by cell_key order by recorded_from
                    ) >= recorded_from,
                    true
                )
                then 0
            else 1
        end as begins
    from appearances
),

numbered_appearances as (
    select
        *,
        sum(begins) over (
            partition by cell_key order by recorded_from
            rows between unbounded preceding and current row
        ) as version_number
    from begun_appearances
),

versions as (
    select
        *,
        last_value(ends_on) over (
            partition by cell_key, version_number order by recorded_from
            rows between unbounded preceding and unbounded following
        ) as recorded_to
    from numbered_appearances
),

employment as (
    select
        versions.area_fips,
        versions.naics_code,
        versions.ownership_code,
        versions.size_class_code,
        versions.calendar_year,
        versions.quarter_code,
        versions.recorded_from,
        versions.recorded_to,
        vintages.naics_vintage,
        versions.aggregation_level_code,
        versions.establishment_count,
        versions.month1_employment_count,
        versions.month1_employment_count_status,
        versions.month2_employment_count,
        versions.month2_employment_count_status,
        versions.month3_employment_count,
        versions.month3_employment_count_status,
        versions.average_employment_count,
        versions.average_employment_count_status,
        versions.total_wage_usd,
        versions.total_wage_usd_status,
        versions.weekly_mean_wage_usd,
        versions.weekly_mean_wage_usd_status,
        versions.load_id,
        case
            when versions.area_fips = 'US000' then 'nation'
            when substring(versions.area_fips, 3, 3) = '000' then 'state'
            when counties.county_fips is null then 'undefined_county'
            else 'county'
        end as area_type,
        case
            when substring(versions.area_fips, 3, 3) = '000' and versions.area_fips != 'US000'
                then substring(versions.area_fips, 1, 2)
            else counties.county_fips
        end as area_code
    from versions
    inner join vintages
        on versions.calendar_year between vintages.first_year and vintages.last_year
    left join counties
        on versions.area_fips = counties.county_fips
    where versions.begins = 1
)

select * from employment
