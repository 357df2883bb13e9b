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

averaged_years as (
    select * from {{ ref('int_supply__years_averaged') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
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
        coalesce(sum(award_count), 0) as award_count,
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

-- A loaded year without awards of a program is a zero in its mean.
supplied_programs as (
    select
        averaged_years.award_year,
        summed_awards.area_type,
        summed_awards.area_code,
        summed_awards.cip_vintage,
        summed_awards.cip_code,
        summed_awards.award_group,
        averaged_years.rule_version,
        averaged_years.years_in_average,
        averaged_years.years_averaged,
        averaged_years.break_reason,
        sum(
            case
                when averaged_years.award_year = averaged_years.earlier_year
                    then summed_awards.award_count
                else 0
            end
        ) as award_count,
        sum(
            case
                when averaged_years.award_year = averaged_years.earlier_year
                    then summed_awards.missing_count
                else 0
            end
        ) as missing_count,
        sum(summed_awards.award_count) as window_award_count,
        sum(summed_awards.missing_count) as window_missing_count
    from summed_awards
    inner join averaged_years
        on
            summed_awards.award_year = averaged_years.earlier_year
            and summed_awards.cip_vintage = averaged_years.cip_vintage
    group by
        averaged_years.award_year,
        summed_awards.area_type,
        summed_awards.area_code,
        summed_awards.cip_vintage,
        summed_awards.cip_code,
        summed_awards.award_group,
        averaged_years.rule_version,
        averaged_years.years_in_average,
        averaged_years.years_averaged,
        averaged_years.break_reason
),

program_supply as (
    select
        supplied_programs.award_year,
        supplied_programs.area_type,
        supplied_programs.area_code,
        areas.area_name,
        supplied_programs.cip_code,
        supplied_programs.cip_vintage,
        supplied_programs.award_group,
        supplied_programs.rule_version,
        supplied_programs.years_in_average,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        supplied_programs.break_reason,
        'awards of first majors, not persons; the table has no shares' as denominator_definition,
        supplied_programs.years_in_average < supplied_programs.years_averaged as is_provisional,
        coalesce(programs.is_transfer_program, false) as is_transfer_program,
        case when supplied_programs.cip_code = 'All' then 'All programs' else programs.cip_title end
            as cip_title,
        case
            when supplied_programs.missing_count = 0
                then cast(supplied_programs.award_count as integer)
        end as award_count,
        case when supplied_programs.missing_count = 0 then 'reported' else 'missing' end
            as award_count_status,
        case
            when supplied_programs.window_missing_count = 0
                then
                    cast(
                        1.0
                        * supplied_programs.window_award_count
                        / supplied_programs.years_in_average as numeric(12, 2)
                    )
        end as average_award_count,
        case when supplied_programs.window_missing_count = 0 then 'reported' else 'missing' end
            as average_award_count_status,
        supplied_programs.break_reason is null as is_comparable_to_prior,
        supplied_programs.area_type = 'state'
        and (supplied_programs.cip_code != 'All' or supplied_programs.award_group != 'All')
            as is_additive
    from supplied_programs
    inner join areas
        on
            supplied_programs.area_type = areas.area_type
            and supplied_programs.area_code = areas.area_code
    left join programs
        on
            supplied_programs.cip_code = programs.cip_code
            and supplied_programs.cip_vintage = programs.cip_vintage
    cross join snapshot
)

select * from program_supply
