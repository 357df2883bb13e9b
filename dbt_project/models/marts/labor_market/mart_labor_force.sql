{# Measures of the publisher; persons add up over counties, the rate does not. #}
{%- set measures = {
    'labor_force_count': '06',
    'employed_count': '05',
    'unemployed_count': '04',
    'unemployment_rate_pct': '03',
} -%}
{%- set persons = ['labor_force_count', 'employed_count', 'unemployed_count'] -%}
with figures as (
    select * from {{ ref('fct_laus') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

memberships as (
    select * from {{ ref('bridge_area') }}
),

regions as (
    select * from {{ ref('dim_region') }}
),

gaps as (
    select * from {{ ref('dim_collection_gap') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

gap_years as (
    select calendar_year
    from gaps
    where source_name = 'bls_laus'
    group by calendar_year
),

-- What is known now: the versions that nothing has replaced. A measure without a row is missing.
area_periods as (
    select
        area_type,
        area_code,
        calendar_year,
        period_code,
        is_seasonally_adjusted,
        {% for measure, measure_code in measures.items() %}
            max(case when laus_measure_code = '{{ measure_code }}' then laus_value end)
                as {{ measure }},
            coalesce(
                max(case when laus_measure_code = '{{ measure_code }}' then laus_value_status end),
                'missing'
            ) as {{ measure }}_status,
        {% endfor %}
        max(case when is_preliminary then 1 else 0 end) = 1 as is_preliminary,
        max(recorded_from) as recorded_from
    from figures
    where recorded_to is null
    group by area_type, area_code, calendar_year, period_code, is_seasonally_adjusted
),

current_memberships as (
    select
        area_code as county_fips,
        parent_area_type,
        parent_area_code,
        count(*) over (partition by parent_area_type, parent_area_code) as county_count
    from memberships
    where valid_to is null
),

-- A region is the sum of its whole counties; a measure that a county lacks is not told.
region_sums as (
    select
        current_memberships.parent_area_type as area_type,
        current_memberships.parent_area_code as area_code,
        area_periods.calendar_year,
        area_periods.period_code,
        area_periods.is_seasonally_adjusted,
        {% for measure in persons %}
            sum(area_periods.{{ measure }}) as {{ measure }},
            case
                when count(*) < max(current_memberships.county_count) then 'missing'
                else
                    coalesce(
                        max(
                            case
                                when area_periods.{{ measure }}_status != 'reported'
                                    then area_periods.{{ measure }}_status
                            end
                        ),
                        'reported'
                    )
            end as {{ measure }}_status,
        {% endfor %}
        max(case when area_periods.is_preliminary then 1 else 0 end) = 1 as is_preliminary,
        max(area_periods.recorded_from) as recorded_from
    from area_periods
    inner join current_memberships
        on area_periods.area_code = current_memberships.county_fips
    where area_periods.area_type = 'county' and not area_periods.is_seasonally_adjusted
    group by
        current_memberships.parent_area_type,
        current_memberships.parent_area_code,
        area_periods.calendar_year,
        area_periods.period_code,
        area_periods.is_seasonally_adjusted
),

region_periods as (
    select
        area_type,
        area_code,
        calendar_year,
        period_code,
        is_seasonally_adjusted,
        {% for measure in persons %}
            case when {{ measure }}_status = 'reported' then {{ measure }} end as {{ measure }},
            {{ measure }}_status,
        {% endfor %}
        case
            when unemployed_count_status = 'reported' and labor_force_count_status = 'reported'
                then round(100.0 * unemployed_count / nullif(labor_force_count, 0), 1)
        end as unemployment_rate_pct,
        case
            when labor_force_count_status != 'reported' then labor_force_count_status
            when unemployed_count_status != 'reported' then unemployed_count_status
            when labor_force_count = 0 then 'not_applicable'
            else 'reported'
        end as unemployment_rate_pct_status,
        is_preliminary,
        recorded_from
    from region_sums
),

every_period as (
    select
        area_periods.*,
        false as is_derived
    from area_periods
    union all
    select
        region_periods.*,
        true as is_derived
    from region_periods
),

labor_force as (
    select
        every_period.area_type,
        every_period.area_code,
        areas.area_name,
        every_period.calendar_year,
        every_period.is_seasonally_adjusted,
        every_period.is_preliminary,
        every_period.is_derived,
        every_period.recorded_from,
        case when every_period.period_code = 'M13' then 'year' else 'month' end as period_type,
        {{ first_day_of_period('every_period.calendar_year', 'every_period.period_code') }}
            as period_date,
        cast(every_period.labor_force_count as bigint) as labor_force_count,
        every_period.labor_force_count_status,
        cast(every_period.employed_count as bigint) as employed_count,
        every_period.employed_count_status,
        cast(every_period.unemployed_count as bigint) as unemployed_count,
        every_period.unemployed_count_status,
        cast(every_period.unemployment_rate_pct as numeric(5, 1)) as unemployment_rate_pct,
        every_period.unemployment_rate_pct_status,
        gap_years.calendar_year is not null and every_period.period_code = 'M13' as is_over_gap,
        coalesce(regions.adds_up_to_state, every_period.area_type = 'county') as is_additive,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        every_period.is_preliminary as is_provisional,
        case
            when every_period.period_code != 'M13' then null
            when gap_years.calendar_year is not null
                then 'the mean of the year lacks a month that was never collected'
            when prior_gap_years.calendar_year is not null
                then 'the mean of the year before lacks a month that was never collected'
        end as break_reason,
        'persons in the civilian labor force, by place of residence' as denominator_definition
    from every_period
    inner join areas
        on every_period.area_type = areas.area_type and every_period.area_code = areas.area_code
    left join gap_years
        on every_period.calendar_year = gap_years.calendar_year
    left join gap_years as prior_gap_years
        on every_period.calendar_year = prior_gap_years.calendar_year + 1
    left join regions
        on
            every_period.area_type = regions.region_scheme
            and every_period.area_code = regions.region_code
    cross join snapshot
    where areas.is_in_scope
),

compared_labor_force as (
    select
        *,
        break_reason is null as is_comparable_to_prior
    from labor_force
)

select * from compared_labor_force
