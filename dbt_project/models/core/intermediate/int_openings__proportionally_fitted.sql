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
            as numeric(20, 10)
        ) as equal_part,
        paired.supply_count + rules.supply_constant as supply_weight
    from paired
    inner join rules
        on
            rules.allocation_method = 'E'
            and paired.is_education_filtered = rules.is_education_filtered
            and paired.base_year >= rules.first_base_year
            and paired.base_year <= rules.last_base_year
    where not paired.is_unmatched and paired.openings_count > 0
),

-- Rounds carry numbers in place of names: they sort some hundred thousand pairs two dozen times.
numbered as (
    select
        *,
        dense_rank() over (
            order by area_type, area_code, horizon, base_year, projected_year, rule_version
        ) as table_number,
        dense_rank() over (
            order by
                area_type, area_code, horizon, base_year, projected_year, rule_version, soc_code
        ) as occupation_number,
        dense_rank() over (
            order by
                area_type, area_code, horizon, base_year, projected_year, rule_version,
                cip_vintage, cip_code
        ) as program_number
    from matched
),

program_supply as (
    select
        table_number,
        program_number,
        max(supply_weight) as supply_weight,
        sum(equal_part) as openings
    from numbered
    group by table_number, program_number
),

program_aims as (
    select
        program_number,
        cast(
            sum(openings) over (partition by table_number) * supply_weight
            / nullif(sum(supply_weight) over (partition by table_number), 0)
            as numeric(20, 10)
        ) as aim
    from program_supply
),

round_0 as (
    select
        numbered.occupation_number,
        numbered.program_number,
        numbered.openings,
        numbered.equal_part,
        program_aims.aim,
        numbered.equal_part as fitted
    from numbered
    inner join program_aims
        on numbered.program_number = program_aims.program_number
),
{% for number in range(1, rounds + 1) %}
    columns_{{ number }} as (
        {{ fitted_to('round_' ~ (number - 1), 'aim', 'program_number', otherwise='0') }}
    ),

    round_{{ number }} as (
        {{ fitted_to(
            'columns_' ~ number, 'openings', 'occupation_number', otherwise='equal_part'
        ) }}
    ),
{% endfor %}
fitted_weights as (
    select
        numbered.area_type,
        numbered.area_code,
        numbered.soc_code,
        numbered.horizon,
        numbered.base_year,
        numbered.projected_year,
        numbered.cip_vintage,
        numbered.cip_code,
        numbered.rule_version,
        cast(last_round.fitted / last_round.openings as numeric(10, 8)) as fitted_weight
    from numbered
    inner join round_{{ rounds }} as last_round
        on
            numbered.occupation_number = last_round.occupation_number
            and numbered.program_number = last_round.program_number
)

select * from fitted_weights
