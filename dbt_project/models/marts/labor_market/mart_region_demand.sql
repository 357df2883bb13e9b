with demand as (
    select * from {{ ref('int_demand__areas_united') }}
),

wages as (
    select * from {{ ref('int_wage__areas_united') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

regions as (
    select * from {{ ref('dim_region') }}
),

occupations as (
    select * from {{ ref('int_occupation__described') }}
),

designated as (
    select * from {{ ref('int_demand__designated') }}
),

program_counts as (
    select * from {{ ref('int_occupation__programs_counted') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

region_demand as (
    select
        demand.area_type,
        demand.area_code,
        areas.area_name,
        demand.soc_vintage,
        demand.soc_code,
        occupations.soc_title,
        occupations.soc_level,
        demand.horizon,
        demand.base_year,
        demand.projected_year,
        demand.publication_name,
        demand.recorded_from,
        demand.job_share_year,
        demand.is_line_item,
        demand.is_derived,
        demand.is_split_derived,
        demand.base_employment_count,
        demand.base_employment_count_status,
        demand.projected_employment_count,
        demand.projected_employment_count_status,
        demand.employment_change_count,
        demand.employment_change_count_status,
        demand.annual_growth_count,
        demand.annual_growth_count_status,
        demand.growth_pct,
        demand.growth_pct_status,
        demand.exits_count,
        demand.exits_count_status,
        demand.transfers_count,
        demand.transfers_count_status,
        demand.openings_count,
        demand.openings_count_status,
        demand.demand_new_count,
        demand.demand_new_count_status,
        demand.demand_total_count,
        demand.demand_total_count_status,
        demand.transfer_share,
        demand.transfer_share_status,
        wages.wage_vintage_year,
        wages.wage_weight_year,
        wages.annual_p10_wage_usd,
        wages.annual_p25_wage_usd,
        wages.annual_median_wage_usd,
        wages.annual_p75_wage_usd,
        wages.annual_p90_wage_usd,
        occupations.entry_education,
        occupations.work_experience,
        occupations.on_the_job_training,
        occupations.lowest_job_zone,
        occupations.highest_job_zone,
        occupations.needs_preparation,
        program_counts.program_count,
        program_counts.compatible_program_count,
        demand.job_share_basis,
        designated.high_wage_rule_sets,
        designated.high_skill_rule_sets,
        designated.in_demand_rule_sets,
        designated.priority_rule_sets,
        designated.undecided_rule_sets,
        designated.designations_status,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        false as is_provisional,
        designated.break_reason,
        'jobs at the base year for growth, openings for the share of transfers'
            as denominator_definition,
        coalesce(wages.annual_p10_wage_usd_status, 'not_collected') as annual_p10_wage_usd_status,
        coalesce(wages.annual_p25_wage_usd_status, 'not_collected') as annual_p25_wage_usd_status,
        coalesce(wages.annual_median_wage_usd_status, 'not_collected')
            as annual_median_wage_usd_status,
        coalesce(wages.annual_p75_wage_usd_status, 'not_collected') as annual_p75_wage_usd_status,
        coalesce(wages.annual_p90_wage_usd_status, 'not_collected') as annual_p90_wage_usd_status,
        coalesce(occupations.entry_education_status, 'not_collected') as entry_education_status,
        coalesce(occupations.work_experience_status, 'not_collected') as work_experience_status,
        coalesce(occupations.on_the_job_training_status, 'not_collected')
            as on_the_job_training_status,
        coalesce(occupations.lowest_job_zone_status, 'not_collected') as lowest_job_zone_status,
        coalesce(occupations.highest_job_zone_status, 'not_collected') as highest_job_zone_status,
        coalesce(regions.adds_up_to_state, false) as is_additive,
        designated.break_reason is null as is_comparable_to_prior,
        coalesce(program_counts.program_count_status, 'not_applicable') as program_count_status,
        coalesce(program_counts.compatible_program_count_status, 'not_applicable')
            as compatible_program_count_status
    from demand
    inner join areas
        on
            demand.area_type = areas.area_type
            and demand.area_code = areas.area_code
            and areas.area_vintage is null
    left join regions
        on demand.area_type = regions.region_scheme and demand.area_code = regions.region_code
    left join occupations
        on
            demand.soc_vintage = occupations.soc_vintage
            and demand.soc_code = occupations.soc_code
    -- Wages of another classification of occupations are no wages of this one.
    left join wages
        on
            demand.area_type = wages.area_type
            and demand.area_code = wages.area_code
            and demand.soc_vintage = wages.soc_vintage
            and demand.soc_code = wages.soc_code
    inner join designated
        on
            demand.area_type = designated.area_type
            and demand.area_code = designated.area_code
            and demand.soc_vintage = designated.soc_vintage
            and demand.soc_code = designated.soc_code
            and demand.horizon = designated.horizon
            and demand.base_year = designated.base_year
    -- Awards are those of the reporting state: the nation and neighbors have other programs.
    left join program_counts
        on
            demand.is_line_item
            and areas.state_code = program_counts.state_code
            and demand.soc_vintage = program_counts.soc_vintage
            and demand.soc_code = program_counts.soc_code
            and demand.base_year = program_counts.base_year
    cross join snapshot
    where areas.is_in_scope
)

select * from region_demand
