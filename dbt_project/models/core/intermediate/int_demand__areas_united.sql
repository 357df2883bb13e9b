with published as (
    select * from {{ ref('fct_projection') }}
),

shared as (
    select * from {{ ref('int_projection__regions_shared') }}
),

-- Regions are parts of workforce areas, and their occupations what those of the areas are.
area_occupations as (
    select
        soc_vintage,
        soc_code,
        horizon,
        base_year,
        publication_name,
        max(case when is_line_item then 1 else 0 end) = 1 as is_line_item,
        max(case when is_split_derived then 1 else 0 end) = 1 as is_split_derived
    from published
    where area_type = 'workforce_area' and is_preferred and recorded_to is null
    group by soc_vintage, soc_code, horizon, base_year, publication_name
),

united as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        recorded_from,
        cast(null as integer) as job_share_year,
        is_line_item,
        false as is_derived,
        is_split_derived,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        exits_count,
        exits_count_status,
        transfers_count,
        transfers_count_status,
        openings_count,
        openings_count_status
    from published
    where is_preferred and recorded_to is null
    union all
    select
        shared.area_type,
        shared.area_code,
        shared.soc_vintage,
        shared.soc_code,
        shared.horizon,
        shared.base_year,
        shared.projected_year,
        shared.publication_name,
        shared.recorded_from,
        shared.weight_year as job_share_year,
        area_occupations.is_line_item,
        true as is_derived,
        area_occupations.is_split_derived,
        shared.base_employment_count,
        shared.region_status as base_employment_count_status,
        shared.projected_employment_count,
        shared.region_status as projected_employment_count_status,
        shared.exits_count,
        shared.region_status as exits_count_status,
        shared.transfers_count,
        shared.region_status as transfers_count_status,
        shared.openings_count,
        shared.region_status as openings_count_status
    from shared
    inner join area_occupations
        on
            shared.soc_vintage = area_occupations.soc_vintage
            and shared.soc_code = area_occupations.soc_code
            and shared.horizon = area_occupations.horizon
            and shared.base_year = area_occupations.base_year
            and shared.publication_name = area_occupations.publication_name
),

ranked as (
    select
        *,
        row_number() over (
            partition by area_type, area_code, soc_vintage, soc_code, horizon, base_year
            order by publication_name, projected_year
        ) as place
    from united
),

grown as (
    select
        *,
        projected_employment_count - base_employment_count as employment_change_count,
        {{ joint_status(['base_employment_count', 'projected_employment_count']) }}
            as employment_change_count_status,
        cast(
            1.0 * (projected_employment_count - base_employment_count)
            / nullif(projected_year - base_year, 0) as numeric(14, 1)
        ) as annual_growth_count
    from ranked
    where place = 1
),

demand as (
    select
        area_type,
        area_code,
        soc_vintage,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        recorded_from,
        job_share_year,
        is_line_item,
        is_derived,
        is_split_derived,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        employment_change_count,
        employment_change_count_status,
        annual_growth_count,
        employment_change_count_status as annual_growth_count_status,
        cast(
            100.0 * employment_change_count / nullif(base_employment_count, 0) as numeric(9, 1)
        ) as growth_pct,
        case
            when base_employment_count = 0 then 'not_applicable'
            else employment_change_count_status
        end as growth_pct_status,
        exits_count,
        exits_count_status,
        transfers_count,
        transfers_count_status,
        openings_count,
        openings_count_status,
        -- Transfers in seldom need training: what does is growth and who leaves the labor force.
        cast(
            case
                when annual_growth_count > 0 then annual_growth_count
                when annual_growth_count <= 0 then 0
            end + exits_count as numeric(14, 1)
        ) as demand_new_count,
        case
            when employment_change_count is null then employment_change_count_status
            else exits_count_status
        end as demand_new_count_status,
        openings_count as demand_total_count,
        openings_count_status as demand_total_count_status,
        {{ share('transfers_count', 'openings_count') }} as transfer_share,
        case
            when openings_count = 0 then 'not_applicable'
            when transfers_count is null then transfers_count_status
            else openings_count_status
        end as transfer_share_status
    from grown
)

select * from demand
