with paired as (
    select * from {{ ref('int_openings__occupations_paired') }}
),

fitted as (
    select * from {{ ref('int_openings__proportionally_fitted') }}
),

rules as (
    select * from {{ ref('openings_allocation_rules') }}
),

ruled as (
    select
        paired.*,
        rules.allocation_method,
        rules.rule_version,
        rules.is_additive,
        cast(1 as numeric(20, 10)) / nullif(paired.program_count, 0) as equal_weight,
        (paired.supply_count + rules.supply_constant) / nullif(
            sum(paired.supply_count + rules.supply_constant) over (
                partition by
                    paired.area_type, paired.area_code, paired.soc_code, paired.horizon,
                    paired.base_year, paired.projected_year, rules.allocation_method,
                    rules.rule_version
            ),
            0
        ) as supplied_weight
    from paired
    inner join rules
        on
            paired.is_education_filtered = rules.is_education_filtered
            and paired.base_year >= rules.first_base_year
            and paired.base_year <= rules.last_base_year
),

-- Where nobody completes any of the programs there is nothing to weigh by: the equal split.
weighed as (
    select
        ruled.*,
        cast(
            case
                when ruled.is_unmatched or ruled.allocation_method = 'A' then 1
                when ruled.allocation_method = 'C'
                    then coalesce(ruled.supplied_weight, ruled.equal_weight)
                when ruled.allocation_method = 'E'
                    then coalesce(fitted.fitted_weight, ruled.equal_weight)
                else ruled.equal_weight
            end as numeric(18, 15)
        ) as rounded_weight
    from ruled
    left join fitted
        on
            ruled.allocation_method = 'E'
            and ruled.area_type = fitted.area_type
            and ruled.area_code = fitted.area_code
            and ruled.soc_code = fitted.soc_code
            and ruled.horizon = fitted.horizon
            and ruled.base_year = fitted.base_year
            and ruled.projected_year = fitted.projected_year
            and ruled.cip_vintage = fitted.cip_vintage
            and ruled.cip_code = fitted.cip_code
            and ruled.rule_version = fitted.rule_version
),

split_openings as (
    select
        *,
        cast(openings_count * rounded_weight as numeric(18, 6)) as rounded_openings,
        cast(demand_new_count * rounded_weight as numeric(18, 6)) as rounded_demand_new,
        row_number() over (
            partition by
                area_type, area_code, soc_code, horizon, base_year, projected_year,
                allocation_method, rule_version
            order by rounded_weight desc, cip_vintage asc, cip_code asc
        ) as place
    from weighed
),

sums as (
    select
        *,
        sum(rounded_weight) over (
            partition by
                area_type, area_code, soc_code, horizon, base_year, projected_year,
                allocation_method, rule_version
        ) as weight_sum,
        sum(rounded_openings) over (
            partition by
                area_type, area_code, soc_code, horizon, base_year, projected_year,
                allocation_method, rule_version
        ) as openings_sum,
        sum(rounded_demand_new) over (
            partition by
                area_type, area_code, soc_code, horizon, base_year, projected_year,
                allocation_method, rule_version
        ) as demand_new_sum
    from split_openings
),

-- What rounding lost goes to the program with the largest share, so that nothing is lost.
openings_allocated as (
    select
        area_type,
        area_code,
        soc_code,
        horizon,
        base_year,
        projected_year,
        cip_vintage,
        cip_code,
        allocation_method,
        rule_version,
        soc_vintage,
        recorded_from,
        is_unmatched,
        is_education_filtered,
        is_additive,
        supply_count,
        openings_count,
        openings_count_status,
        demand_new_count,
        demand_new_count_status,
        openings_count_status as allocated_openings_count_status,
        demand_new_count_status as allocated_demand_new_count_status,
        cast(
            rounded_weight
            + case when is_additive and place = 1 then 1 - weight_sum else 0 end
            as numeric(18, 15)
        ) as allocation_weight,
        cast(
            rounded_openings
            + case when is_additive and place = 1 then openings_count - openings_sum else 0 end
            as numeric(18, 6)
        ) as allocated_openings_count,
        cast(
            rounded_demand_new
            + case when is_additive and place = 1 then demand_new_count - demand_new_sum else 0 end
            as numeric(18, 6)
        ) as allocated_demand_new_count
    from sums
)

select * from openings_allocated
