with designated as (
    select * from {{ ref('int_area__designated') }}
),

rule_sets as (
    select * from {{ ref('designation_rule_sets') }}
),

regions as (
    select * from {{ ref('dim_region') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

occupations as (
    select * from {{ ref('dim_occupation') }}
),

demand as (
    select * from {{ ref('int_demand__areas_united') }}
),

current_regions as (
    select
        regions.region_scheme,
        regions.region_code,
        regions.region_name
    from regions
    cross join snapshot
    where
        regions.valid_from <= snapshot.as_of_date
        and (regions.valid_to is null or regions.valid_to >= snapshot.as_of_date)
),

designated_regions as (
    select
        figures_area_type,
        figures_area_code
    from designated
    group by figures_area_type, figures_area_code
),

-- A region's own figures; those of the state where the region has none.
region_designations as (
    select
        designated.*,
        current_regions.region_scheme,
        current_regions.region_code,
        current_regions.region_name
    from current_regions
    left join designated_regions
        on
            current_regions.region_scheme = designated_regions.figures_area_type
            and current_regions.region_code = designated_regions.figures_area_code
    inner join designated
        on
            (
                designated_regions.figures_area_type = designated.figures_area_type
                and designated_regions.figures_area_code = designated.figures_area_code
            )
            or (designated_regions.figures_area_code is null and designated.is_reporting_state)
),

newest_demand as (
    select
        *,
        row_number() over (
            partition by area_type, area_code, soc_vintage, soc_code order by base_year desc
        ) as place
    from demand
    where horizon = 'long'
),

measured_designations as (
    select
        region_designations.region_scheme,
        region_designations.region_code,
        region_designations.region_name,
        region_designations.soc_vintage,
        region_designations.soc_code,
        occupations.soc_title,
        region_designations.rule_set_code,
        rule_sets.rule_set_name,
        rule_sets.standing as rule_set_standing,
        region_designations.figures_area_type,
        region_designations.figures_area_code,
        region_designations.high_wage_result,
        region_designations.high_skill_result,
        region_designations.in_demand_result,
        region_designations.priority_by_figures,
        newest_demand.openings_count,
        coalesce(newest_demand.openings_count_status, 'not_collected') as openings_count_status,
        -- Groups of occupations would stand before their own occupations.
        region_designations.priority_by_figures = 'yes'
        and newest_demand.openings_count is not null
        and occupations.soc_level = 'detailed' as is_ranked
    from region_designations
    inner join rule_sets
        on region_designations.rule_set_code = rule_sets.rule_set_code
    left join occupations
        on
            region_designations.soc_vintage = occupations.soc_vintage
            and region_designations.soc_code = occupations.soc_code
    left join newest_demand
        on
            region_designations.figures_area_type = newest_demand.area_type
            and region_designations.figures_area_code = newest_demand.area_code
            and region_designations.soc_vintage = newest_demand.soc_vintage
            and region_designations.soc_code = newest_demand.soc_code
            and newest_demand.place = 1
),

occupations_designated as (
    select
        region_scheme,
        region_code,
        region_name,
        soc_vintage,
        soc_code,
        soc_title,
        rule_set_code,
        rule_set_name,
        rule_set_standing,
        figures_area_type,
        figures_area_code,
        high_wage_result,
        high_skill_result,
        in_demand_result,
        priority_by_figures,
        openings_count,
        openings_count_status,
        case
            when is_ranked
                then
                    cast(
                        rank() over (
                            partition by
                                region_scheme, region_code, soc_vintage, rule_set_code, is_ranked
                            order by openings_count desc
                        ) as integer
                    )
        end as openings_rank
    from measured_designations
)

select * from occupations_designated
