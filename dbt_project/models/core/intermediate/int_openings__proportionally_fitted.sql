-- Biproportional fitting (Deming and Stephan 1940): rows are occupations, whose sums are their
-- openings; columns are programs, whose sums are in proportion to their completers. SQL has no
-- loop, so the rounds are written out; the last step fits the rows, which must hold exactly.
{%- set rounds = 12 %}

with paired as (
    select * from {{ ref('int_openings__occupations_paired') }}
),

rules as (
    select * from {{ ref('openings_allocation_rules') }}
),

matched as (
    select
        paired.area_type,
        paired.area_code,
        paired.soc_code,
        paired.horizon,
        paired.base_year,
        paired.projected_year,
        paired.cip_vintage,
        paired.cip_code,
        rules.rule_version,
        cast(paired.openings_count as numeric(20, 10)) as openings,
        cast(
            cast(paired.openings_count as numeric(20, 10)) / paired.program_count
            as numeric(24, 12)
        ) as equal_part,
        paired.supply_count + rules.supply_constant as supply_weight
    from paired
    inner join rules
        on
            rules.allocation_method = 'E'
            and paired.base_year >= rules.first_base_year
            and paired.base_year <= rules.last_base_year
    where not paired.is_unmatched and paired.openings_count > 0
),

program_supply as (
    select
        area_type,
        area_code,
        horizon,
        base_year,
        projected_year,
        rule_version,
        cip_vintage,
        cip_code,
        max(supply_weight) as supply_weight,
        sum(equal_part) as openings
    from matched
    group by
        area_type, area_code, horizon, base_year, projected_year, rule_version, cip_vintage,
        cip_code
),

program_targets as (
    select
        area_type,
        area_code,
        horizon,
        base_year,
        projected_year,
        rule_version,
        cip_vintage,
        cip_code,
        cast(
            sum(openings) over (
                partition by
                    area_type, area_code, horizon, base_year, projected_year, rule_version
            ) * supply_weight / nullif(
                sum(supply_weight) over (
                    partition by
                        area_type, area_code, horizon, base_year, projected_year, rule_version
                ),
                0
            ) as numeric(24, 12)
        ) as aim
    from program_supply
),

round_0 as (
    select
        matched.*,
        program_targets.aim,
        matched.equal_part as fitted
    from matched
    inner join program_targets
        on
            matched.area_type = program_targets.area_type
            and matched.area_code = program_targets.area_code
            and matched.horizon = program_targets.horizon
            and matched.base_year = program_targets.base_year
            and matched.projected_year = program_targets.projected_year
            and matched.rule_version = program_targets.rule_version
            and matched.cip_vintage = program_targets.cip_vintage
            and matched.cip_code = program_targets.cip_code
),
{% for number in range(1, rounds + 1) %}
    columns_{{ number }} as (
        {{ fitted_to(
            'round_' ~ (number - 1), 'aim',
            ['area_type', 'area_code', 'horizon', 'base_year', 'projected_year', 'rule_version',
             'cip_vintage', 'cip_code'],
            otherwise='0'
        ) }}
    ),

    round_{{ number }} as (
        {{ fitted_to(
            'columns_' ~ number, 'openings',
            ['area_type', 'area_code', 'horizon', 'base_year', 'projected_year', 'rule_version',
             'soc_code'],
            otherwise='equal_part'
        ) }}
    ),
{% endfor %}
fitted_weights as (
    select
        area_type,
        area_code,
        soc_code,
        horizon,
        base_year,
        projected_year,
        cip_vintage,
        cip_code,
        rule_version,
        cast(fitted / openings as numeric(10, 8)) as fitted_weight
    from round_{{ rounds }}
)

select * from fitted_weights
