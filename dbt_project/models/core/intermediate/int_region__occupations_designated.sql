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

preceded_rule_sets as (
    select
        *,
        lag(rule_version) over (partition by rule_set_code order by valid_from)
            as prior_rule_version
    from rule_sets
),

designated_areas as (
    select
        figures_area_type,
        figures_area_code,
        is_reporting_state
    from designated
    group by figures_area_type, figures_area_code, is_reporting_state
),

-- A region's own figures; those of the state where the region has none.
ranked_areas as (
    select
        current_regions.region_scheme,
        current_regions.region_code,
        current_regions.region_name,
        designated_areas.figures_area_type,
        designated_areas.figures_area_code,
        row_number() over (
            partition by current_regions.region_scheme, current_regions.region_code
            order by case when designated_areas.is_reporting_state then 1 else 0 end
        ) as place
    from current_regions
    inner join designated_areas
        on
            designated_areas.is_reporting_state
            or (
                current_regions.region_scheme = designated_areas.figures_area_type
                and current_regions.region_code = designated_areas.figures_area_code
            )
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
        designated.*,
        preceded_rule_sets.rule_set_name,
        preceded_rule_sets.standing as rule_set_standing,
        preceded_rule_sets.prior_rule_version,
        occupations.soc_title,
        newest_demand.openings_count,
        coalesce(newest_demand.openings_count_status, 'not_collected') as openings_count_status,
        -- Groups of occupations would stand before their own occupations.
        designated.priority_by_figures = 'yes'
        and newest_demand.openings_count is not null
        and occupations.soc_level = 'detailed' as is_ranked
    from designated
    inner join preceded_rule_sets
        on
            designated.rule_set_code = preceded_rule_sets.rule_set_code
            and designated.rule_version = preceded_rule_sets.rule_version
    left join occupations
        on
            designated.soc_vintage = occupations.soc_vintage
            and designated.soc_code = occupations.soc_code
    left join newest_demand
        on
            designated.figures_area_type = newest_demand.area_type
            and designated.figures_area_code = newest_demand.area_code
            and designated.soc_vintage = newest_demand.soc_vintage
            and designated.soc_code = newest_demand.soc_code
            and newest_demand.place = 1
),

ranked_designations as (
    select
        *,
        rank() over (
            partition by
                figures_area_type, figures_area_code, soc_vintage, rule_set_code, is_ranked
            order by openings_count desc
        ) as openings_place
    from measured_designations
),

occupations_designated as (
    select
        ranked_areas.region_scheme,
        ranked_areas.region_code,
        ranked_areas.region_name,
        ranked_designations.soc_vintage,
        ranked_designations.soc_code,
        ranked_designations.soc_title,
        ranked_designations.rule_set_code,
        ranked_designations.rule_set_name,
        ranked_designations.rule_set_standing,
        ranked_designations.rule_version,
        ranked_designations.rule_valid_from,
        ranked_designations.prior_rule_version,
        ranked_designations.wage_vintage_year,
        ranked_designations.projection_base_year,
        ranked_designations.requirement_matrix_year,
        ranked_designations.figures_area_type,
        ranked_designations.figures_area_code,
        ranked_designations.high_wage_result,
        ranked_designations.high_skill_result,
        ranked_designations.in_demand_result,
        ranked_designations.priority_by_figures,
        ranked_designations.openings_count,
        ranked_designations.openings_count_status,
        case
            when ranked_designations.is_ranked
                then cast(ranked_designations.openings_place as integer)
        end as openings_rank
    from ranked_areas
    inner join ranked_designations
        on
            ranked_areas.figures_area_type = ranked_designations.figures_area_type
            and ranked_areas.figures_area_code = ranked_designations.figures_area_code
    where ranked_areas.place = 1
)

select * from occupations_designated
