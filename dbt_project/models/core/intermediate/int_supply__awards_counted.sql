with completions as (
    select * from {{ ref('fct_completions_agg') }}
),

institutions as (
    select * from {{ ref('dim_institution') }}
),

award_levels as (
    select * from {{ ref('award_levels') }}
),

supply_rules as (
    select * from {{ ref('supply_rules') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

-- First majors only; liberal arts (24) prepare for transfer and never count as supply.
state_awards as (
    select
        completions.cip_vintage,
        completions.cip_code,
        award_levels.award_rank,
        completions.award_year,
        completions.award_count
    from completions
    inner join award_levels
        on completions.award_level = award_levels.award_level
    inner join institutions
        on completions.unitid = institutions.unitid
    inner join reporting_state
        on institutions.state_fips = reporting_state.state_fips
    where completions.major_number = '1' and completions.cip_code not like '24.%'
),

newest_years as (
    select
        cip_vintage,
        max(award_year) as award_year
    from state_awards
    group by cip_vintage
),

windows as (
    select
        newest_years.cip_vintage,
        newest_years.award_year as last_award_year,
        newest_years.award_year - supply_rules.years_averaged + 1 as first_award_year
    from newest_years
    inner join supply_rules
        on
            newest_years.award_year >= supply_rules.first_award_year
            and newest_years.award_year <= supply_rules.last_award_year
),

-- A year without a program's awards is a year of none: the mean is over years that are loaded.
loaded_years as (
    select
        windows.cip_vintage,
        count(distinct state_awards.award_year) as year_count
    from windows
    inner join state_awards
        on
            windows.cip_vintage = state_awards.cip_vintage
            and windows.first_award_year <= state_awards.award_year
            and windows.last_award_year >= state_awards.award_year
    group by windows.cip_vintage
),

-- A level whose number is not told is a level all the same; one of zero awards is none.
awards_counted as (
    select
        state_awards.cip_vintage,
        state_awards.cip_code,
        state_awards.award_rank,
        windows.last_award_year as award_year,
        cast(sum(state_awards.award_count) as integer) as award_count,
        cast(loaded_years.year_count as integer) as years_in_average
    from state_awards
    inner join windows
        on state_awards.cip_vintage = windows.cip_vintage
    inner join loaded_years
        on state_awards.cip_vintage = loaded_years.cip_vintage
    where
        state_awards.award_year >= windows.first_award_year
        and state_awards.award_year <= windows.last_award_year
        and (state_awards.award_count is null or state_awards.award_count > 0)
    group by
        state_awards.cip_vintage,
        state_awards.cip_code,
        state_awards.award_rank,
        windows.last_award_year,
        loaded_years.year_count
)

select * from awards_counted
