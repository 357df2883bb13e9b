with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

areas as (
    select * from {{ ref('dim_area') }}
),

region_wages as (
    select * from {{ ref('int_region__wages_weighted') }}
),

demand as (
    select * from {{ ref('int_demand__areas_united') }}
),

requirements as (
    select * from {{ ref('dim_occupation_requirement') }}
),

area_wages as (
    select
        areas.area_type,
        areas.area_code,
        wages.soc_vintage,
        wages.soc_code,
        wages.vintage_year,
        wages.annual_median_wage_usd,
        wages.annual_median_wage_usd_status,
        wages.annual_p25_wage_usd,
        wages.annual_p75_wage_usd,
        wages.employment_count,
        wages.employment_count_status,
        case
            when wages.annual_p25_wage_usd_status != 'reported'
                then wages.annual_p25_wage_usd_status
            else wages.annual_p75_wage_usd_status
        end as wage_growth_ratio_status,
        sum(
            case when wages.soc_code = '00-0000' then wages.employment_count end
        ) over (
            partition by areas.area_type, areas.area_code, wages.vintage_year
        ) as area_employment_count
    from wages
    inner join areas
        on
            wages.area_type_code = areas.area_type_code
            and wages.area_code = areas.area_code
            and (areas.area_vintage is null or wages.vintage_year = areas.area_vintage)
    where
        wages.is_finest_group
        and wages.naics_code = '000000'
        and wages.ownership_code = '1235'
        and (wages.occupation_group = 'detailed' or wages.soc_code = '00-0000')
        and areas.is_in_scope
),

region_wage_pairs as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        max(case when percentile_code = 'median' then region_wage_usd end) as median_wage_usd,
        max(case when percentile_code = 'median' then region_wage_usd_status end)
            as median_wage_usd_status,
        max(case when percentile_code = 'p25' then region_wage_usd end) as p25_wage_usd,
        max(case when percentile_code = 'p75' then region_wage_usd end) as p75_wage_usd,
        max(
            case
                when percentile_code in ('p25', 'p75') and region_wage_usd_status != 'reported'
                    then region_wage_usd_status
            end
        ) as wage_growth_ratio_status
    from region_wages
    group by area_type, area_code, soc_vintage, soc_code, vintage_year
),

-- Ten years ahead: two years say more of the business cycle than of a career. Groups of occupations
-- are none, and only the total is kept of them.
projections as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        base_year,
        base_employment_count,
        base_employment_count_status,
        employment_change_count,
        growth_pct_status,
        openings_count,
        openings_count_status,
        {{ joint_status(['openings_count', 'base_employment_count']) }} as openings_per_job_status,
        max(case when soc_code = '00-0000' then base_employment_count end) over (
            partition by area_type, area_code, soc_vintage, base_year
        ) as area_employment_count
    from demand
    where horizon = 'long' and (is_line_item or soc_code = '00-0000')
),

-- What an occupation asks for is the nation's figure, the same in every area.
area_requirements as (
    select
        projections.area_type,
        projections.area_code,
        requirements.soc_vintage,
        requirements.soc_code,
        requirements.matrix_year,
        requirements.education_rank,
        requirements.entry_education_status,
        requirements.work_experience,
        requirements.work_experience_status,
        requirements.on_the_job_training,
        requirements.on_the_job_training_status
    from projections
    inner join requirements
        on
            projections.soc_vintage = requirements.soc_vintage
            and projections.soc_code = requirements.soc_code
    group by
        projections.area_type,
        projections.area_code,
        requirements.soc_vintage,
        requirements.soc_code,
        requirements.matrix_year,
        requirements.education_rank,
        requirements.entry_education_status,
        requirements.work_experience,
        requirements.work_experience_status,
        requirements.on_the_job_training,
        requirements.on_the_job_training_status
),

measures as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'wage' as measure_origin,
        'annual_median_wage_usd' as measure_code,
        cast(annual_median_wage_usd as numeric(18, 6)) as measure_value,
        annual_median_wage_usd_status as measure_value_status
    from area_wages
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'wage' as measure_origin,
        'wage_growth_ratio' as measure_code,
        cast(
            case
                when wage_growth_ratio_status = 'reported'
                    then annual_p75_wage_usd / nullif(annual_p25_wage_usd, 0)
            end as numeric(18, 6)
        ) as measure_value,
        -- A ratio of a bound says nothing.
        case
            when wage_growth_ratio_status = 'top_coded' then 'suppressed_at_source'
            else wage_growth_ratio_status
        end as measure_value_status
    from area_wages
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'wage' as measure_origin,
        'employment_share_pct' as measure_code,
        cast(
            100.0 * employment_count / nullif(area_employment_count, 0) as numeric(18, 6)
        ) as measure_value,
        case
            when employment_count is not null and area_employment_count is null then 'missing'
            else employment_count_status
        end as measure_value_status
    from area_wages
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'wage' as measure_origin,
        'annual_median_wage_usd' as measure_code,
        cast(median_wage_usd as numeric(18, 6)) as measure_value,
        median_wage_usd_status as measure_value_status
    from region_wage_pairs
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        vintage_year,
        'wage' as measure_origin,
        'wage_growth_ratio' as measure_code,
        cast(
            case
                when wage_growth_ratio_status is null then p75_wage_usd / nullif(p25_wage_usd, 0)
            end as numeric(18, 6)
        ) as measure_value,
        case
            when wage_growth_ratio_status = 'top_coded' then 'suppressed_at_source'
            else coalesce(wage_growth_ratio_status, 'reported')
        end as measure_value_status
    from region_wage_pairs
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        base_year as vintage_year,
        'projection' as measure_origin,
        'growth_pct' as measure_code,
        cast(
            100.0 * employment_change_count / nullif(base_employment_count, 0) as numeric(18, 6)
        ) as measure_value,
        growth_pct_status as measure_value_status
    from projections
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        base_year as vintage_year,
        'projection' as measure_origin,
        'annual_openings' as measure_code,
        cast(openings_count as numeric(18, 6)) as measure_value,
        openings_count_status as measure_value_status
    from projections
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        base_year as vintage_year,
        'projection' as measure_origin,
        'openings_per_job' as measure_code,
        cast(1.0 * openings_count / nullif(base_employment_count, 0) as numeric(18, 6))
            as measure_value,
        case
            when base_employment_count = 0 then 'not_applicable'
            else openings_per_job_status
        end as measure_value_status
    from projections
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        base_year as vintage_year,
        'projection' as measure_origin,
        'employment_share_pct' as measure_code,
        cast(
            100.0 * base_employment_count / nullif(area_employment_count, 0) as numeric(18, 6)
        ) as measure_value,
        case
            when base_employment_count is not null and area_employment_count is null
                then 'missing'
            else base_employment_count_status
        end as measure_value_status
    from projections
    where area_type not in ('nation', 'state')
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        matrix_year as vintage_year,
        'requirement' as measure_origin,
        'entry_education_rank' as measure_code,
        cast(education_rank as numeric(18, 6)) as measure_value,
        entry_education_status as measure_value_status
    from area_requirements
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        matrix_year as vintage_year,
        'requirement' as measure_origin,
        'is_apprenticeship' as measure_code,
        cast(
            case
                when on_the_job_training is null then null
                when on_the_job_training = 'Apprenticeship' then 1
                else 0
            end as numeric(18, 6)
        ) as measure_value,
        on_the_job_training_status as measure_value_status
    from area_requirements
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        matrix_year as vintage_year,
        'requirement' as measure_origin,
        'is_long_on_the_job_training' as measure_code,
        cast(
            case
                when on_the_job_training is null then null
                when on_the_job_training = 'Long-term on-the-job training' then 1
                else 0
            end as numeric(18, 6)
        ) as measure_value,
        on_the_job_training_status as measure_value_status
    from area_requirements
    union all
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        matrix_year as vintage_year,
        'requirement' as measure_origin,
        'has_work_experience' as measure_code,
        cast(
            case
                when work_experience is null then null
                when work_experience = 'None' then 0
                else 1
            end as numeric(18, 6)
        ) as measure_value,
        work_experience_status as measure_value_status
    from area_requirements
)

select * from measures
