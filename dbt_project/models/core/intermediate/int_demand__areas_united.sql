with published as (
    select * from {{ ref('fct_projection') }}
),

shared as (
    select * from {{ ref('int_projection__regions_shared') }}
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
        openings_count_status,
        cast(null as text) as job_share_basis
    from published
    where is_preferred and recorded_to is null
    union all
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
        weight_year as job_share_year,
        is_line_item,
        true as is_derived,
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
        openings_count_status,
        job_share_basis
    from shared
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
        {{ demand_new('annual_growth_count', 'exits_count') }} as demand_new_count,
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
        end as transfer_share_status,
        job_share_basis
    from grown
)

select * from demand
