with measures as (
    select * from {{ ref('int_occupation__measured') }}
),

conditions as (
    select * from {{ ref('designation_conditions') }}
),

rule_sets as (
    select * from {{ ref('int_rule_set__dated') }}
),

reporting_state as (
    select * from {{ ref('reporting_state') }}
),

-- Each measure in its newest vintage; an occupation's code must be of one classification.
newest_measures as (
    select
        *,
        max(vintage_year) over (partition by area_type, area_code, measure_code) as newest_year
    from measures
),

current_measures as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        measure_code,
        measure_value,
        measure_value_status,
        measure_origin,
        vintage_year
    from newest_measures
    where vintage_year = newest_year
),

occupations as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code
    from current_measures
    where soc_code != '00-0000'
    group by area_type, area_code, soc_vintage, soc_code
),

area_totals as (
    select
        area_type,
        area_code,
        soc_vintage,
        measure_code,
        vintage_year,
        max(case when soc_code = '00-0000' then measure_value end) as all_occupations_value,
        percentile_cont(0.5) within group (
            order by case when soc_code != '00-0000' then measure_value end
        ) as median_occupation_value
    from measures
    group by area_type, area_code, soc_vintage, measure_code, vintage_year
),

-- A region's figure is held against the state's of the same year, whatever is the state's newest.
state_totals as (
    select
        area_totals.soc_vintage,
        area_totals.measure_code,
        area_totals.vintage_year,
        area_totals.all_occupations_value
    from area_totals
    inner join reporting_state
        on
            area_totals.area_type = 'state'
            and area_totals.area_code = reporting_state.state_fips
),

-- A council's own rules are asked of its region alone.
asked as (
    select
        occupations.area_type,
        occupations.area_code,
        occupations.soc_vintage,
        occupations.soc_code,
        conditions.rule_set_code,
        conditions.rule_version,
        conditions.designation,
        conditions.alternative_number,
        conditions.clause_number,
        conditions.condition_number,
        conditions.needed_count,
        conditions.measure_code,
        conditions.comparison,
        conditions.benchmark_code,
        conditions.factor
    from occupations
    inner join rule_sets
        on
            rule_sets.rule_region_code is null
            or (
                occupations.area_type = rule_sets.rule_region_scheme
                and occupations.area_code = rule_sets.rule_region_code
            )
    inner join conditions
        on
            rule_sets.rule_set_code = conditions.rule_set_code
            and rule_sets.rule_version = conditions.rule_version
),

compared as (
    select
        asked.area_type,
        asked.area_code,
        asked.soc_vintage,
        asked.soc_code,
        asked.rule_set_code,
        asked.rule_version,
        asked.designation,
        asked.alternative_number,
        asked.clause_number,
        asked.condition_number,
        asked.needed_count,
        asked.comparison,
        current_measures.measure_origin,
        current_measures.vintage_year as measure_year,
        current_measures.measure_value,
        current_measures.measure_value_status,
        case asked.benchmark_code
            when 'constant' then 1
            when 'area_all_occupations' then area_totals.all_occupations_value
            when 'state_all_occupations' then state_totals.all_occupations_value
            else cast(area_totals.median_occupation_value as numeric(18, 6))
        end * asked.factor as benchmark_value
    from asked
    left join current_measures
        on
            asked.area_type = current_measures.area_type
            and asked.area_code = current_measures.area_code
            and asked.soc_vintage = current_measures.soc_vintage
            and asked.soc_code = current_measures.soc_code
            and asked.measure_code = current_measures.measure_code
    left join area_totals
        on
            asked.area_type = area_totals.area_type
            and asked.area_code = area_totals.area_code
            and asked.soc_vintage = area_totals.soc_vintage
            and asked.measure_code = area_totals.measure_code
            and current_measures.vintage_year = area_totals.vintage_year
    left join state_totals
        on
            asked.soc_vintage = state_totals.soc_vintage
            and asked.measure_code = state_totals.measure_code
            and current_measures.vintage_year = state_totals.vintage_year
),

-- 1 holds, 0 does not, null is unknown. A top-coded figure is a lower bound: it can show that it is
-- above a benchmark, never that it is not.
outcomes as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        rule_set_code,
        rule_version,
        designation,
        alternative_number,
        clause_number,
        condition_number,
        needed_count,
        measure_origin,
        measure_year,
        case
            when measure_value is null or benchmark_value is null then null
            when
                measure_value > benchmark_value
                or (comparison = 'ge' and measure_value = benchmark_value)
                then 1
            when measure_value_status = 'top_coded' then null
            else 0
        end as condition_outcome
    from compared
)

select * from outcomes
