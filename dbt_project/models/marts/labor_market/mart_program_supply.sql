with completions as (
    select * from {{ ref('fct_completions_agg') }}
),

institutions as (
    select * from {{ ref('dim_institution') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

programs as (
    select * from {{ ref('dim_program') }}
),

supply_rules as (
    select * from {{ ref('dim_supply_rule') }}
),

-- First majors only: a second major would count a person twice.
located_awards as (
    select
        completions.award_year,
        completions.cip_vintage,
        completions.cip_code,
        completions.award_group,
        completions.award_count,
        completions.award_count_status,
        institutions.state_fips,
        institutions.wtcs_district_code
    from completions
    inner join institutions
        on completions.unitid = institutions.unitid
    inner join areas
        on
            areas.area_type = 'state'
            and areas.is_in_scope
            and institutions.state_fips = areas.area_code
    where completions.major_number = '1'
),

-- One county per institution is wrong for colleges with several campuses: states, and districts
-- of technical colleges, are the documented places.
placed_awards as (
    select
        'state' as area_type,
        state_fips as area_code,
        award_year,
        cip_vintage,
        cip_code,
        award_group,
        award_count
    from located_awards
    union all
    select
        'wtcs_district' as area_type,
        wtcs_district_code as area_code,
        award_year,
        cip_vintage,
        cip_code,
        award_group,
        award_count
    from located_awards
    where wtcs_district_code is not null
),

-- All rows are rows: every program and every level once more together.
summed_awards as (
    select
        area_type,
        area_code,
        award_year,
        cip_vintage,
        coalesce(cip_code, 'All') as cip_code,
        coalesce(award_group, 'All') as award_group,
        sum(award_count) as award_count,
        count(*) - count(award_count) as missing_count
    from placed_awards
    group by
        grouping sets (
            (area_type, area_code, award_year, cip_vintage, cip_code, award_group),
            (area_type, area_code, award_year, cip_vintage, cip_code),
            (area_type, area_code, award_year, cip_vintage, award_group),
            (area_type, area_code, award_year, cip_vintage)
        )
),

loaded_years as (
    select
        award_year,
        cip_vintage
    from completions
    group by award_year, cip_vintage
),

-- Every program of a place in every loaded year of its version: a year without awards is a zero.
supplied_programs as (
    select
        area_type,
        area_code,
        cip_vintage,
        cip_code,
        award_group
    from summed_awards
    group by area_type, area_code, cip_vintage, cip_code, award_group
),

program_years as (
    select
        supplied_programs.area_type,
        supplied_programs.area_code,
        supplied_programs.cip_vintage,
        supplied_programs.cip_code,
        supplied_programs.award_group,
        loaded_years.award_year,
        coalesce(summed_awards.award_count, 0) as known_award_count,
        coalesce(summed_awards.missing_count, 0) as missing_count
    from supplied_programs
    inner join loaded_years
        on supplied_programs.cip_vintage = loaded_years.cip_vintage
    left join summed_awards
        on
            supplied_programs.area_type = summed_awards.area_type
            and supplied_programs.area_code = summed_awards.area_code
            and supplied_programs.cip_vintage = summed_awards.cip_vintage
            and supplied_programs.cip_code = summed_awards.cip_code
            and supplied_programs.award_group = summed_awards.award_group
            and loaded_years.award_year = summed_awards.award_year
),

averaged_years as (
    select
        program_years.area_type,
        program_years.area_code,
        program_years.cip_vintage,
        program_years.cip_code,
        program_years.award_group,
        program_years.award_year,
        avg(earlier_years.known_award_count) as average_award_count,
        sum(earlier_years.missing_count) as missing_count,
        count(*) as years_in_average,
        max(supply_rules.years_averaged) as years_averaged,
        max(supply_rules.rule_version) as rule_version
    from program_years
    inner join supply_rules
        on
            program_years.award_year >= supply_rules.first_award_year
            and program_years.award_year <= coalesce(supply_rules.last_award_year, 9999)
    inner join program_years as earlier_years
        on
            program_years.area_type = earlier_years.area_type
            and program_years.area_code = earlier_years.area_code
            and program_years.cip_vintage = earlier_years.cip_vintage
            and program_years.cip_code = earlier_years.cip_code
            and program_years.award_group = earlier_years.award_group
            and program_years.award_year >= earlier_years.award_year
            and program_years.award_year - supply_rules.years_averaged < earlier_years.award_year
    group by
        program_years.area_type,
        program_years.area_code,
        program_years.cip_vintage,
        program_years.cip_code,
        program_years.award_group,
        program_years.award_year
),

program_supply as (
    select
        program_years.award_year,
        program_years.area_type,
        program_years.area_code,
        areas.area_name,
        program_years.cip_code,
        program_years.cip_vintage,
        case when program_years.cip_code = 'All' then 'All programs' else programs.cip_title end
            as cip_title,
        program_years.award_group,
        case
            when program_years.missing_count = 0
                then cast(program_years.known_award_count as integer)
        end as award_count,
        case when program_years.missing_count = 0 then 'reported' else 'missing' end
            as award_count_status,
        case
            when averaged_years.missing_count = 0
                then cast(averaged_years.average_award_count as numeric(12, 2))
        end as average_award_count,
        case when averaged_years.missing_count = 0 then 'reported' else 'missing' end
            as average_award_count_status,
        cast(averaged_years.years_in_average as integer) as years_in_average,
        averaged_years.years_in_average < averaged_years.years_averaged as is_provisional,
        coalesce(programs.is_transfer_program, false) as is_transfer_program,
        averaged_years.rule_version
    from program_years
    inner join averaged_years
        on
            program_years.area_type = averaged_years.area_type
            and program_years.area_code = averaged_years.area_code
            and program_years.cip_vintage = averaged_years.cip_vintage
            and program_years.cip_code = averaged_years.cip_code
            and program_years.award_group = averaged_years.award_group
            and program_years.award_year = averaged_years.award_year
    inner join areas
        on
            program_years.area_type = areas.area_type
            and program_years.area_code = areas.area_code
    left join programs
        on
            program_years.cip_code = programs.cip_code
            and program_years.cip_vintage = programs.cip_vintage
)

select * from program_supply
