with completions as (
    select * from {{ ref('fct_completions_agg') }}
),

supply_rules as (
    select * from {{ ref('dim_supply_rule') }}
),

loaded_years as (
    select
        award_year,
        cip_vintage
    from completions
    group by award_year, cip_vintage
),

ruled_years as (
    select
        loaded_years.award_year,
        loaded_years.cip_vintage,
        supply_rules.rule_version,
        supply_rules.years_averaged,
        lag(loaded_years.cip_vintage) over (order by loaded_years.award_year)
            as prior_cip_vintage,
        lag(supply_rules.rule_version) over (order by loaded_years.award_year)
            as prior_rule_version
    from loaded_years
    inner join supply_rules
        on
            loaded_years.award_year >= supply_rules.first_award_year
            and loaded_years.award_year <= supply_rules.last_award_year
),

-- Versions of the codes are never mixed in a mean.
averaged_years as (
    select
        ruled_years.award_year,
        ruled_years.cip_vintage,
        earlier_years.award_year as earlier_year,
        ruled_years.rule_version,
        ruled_years.years_averaged,
        cast(
            count(*) over (partition by ruled_years.award_year, ruled_years.cip_vintage)
            as integer
        ) as years_in_average,
        case
            when ruled_years.prior_cip_vintage != ruled_years.cip_vintage
                then
                    'CIP ' || ruled_years.cip_vintage || ' in place of CIP '
                    || ruled_years.prior_cip_vintage
            when ruled_years.prior_rule_version != ruled_years.rule_version
                then ruled_years.rule_version || ' in place of ' || ruled_years.prior_rule_version
        end as break_reason
    from ruled_years
    inner join loaded_years as earlier_years
        on
            ruled_years.cip_vintage = earlier_years.cip_vintage
            and ruled_years.award_year >= earlier_years.award_year
            and ruled_years.award_year - ruled_years.years_averaged < earlier_years.award_year
)

select * from averaged_years
