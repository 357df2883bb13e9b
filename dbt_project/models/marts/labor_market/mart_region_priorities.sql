with designations as (
    select * from {{ ref('int_region__occupations_designated') }}
),

decisions as (
    select * from {{ ref('int_council__decisions_described') }}
),

industries as (
    select * from {{ ref('int_council__industries_measured') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

adopted_rule_sets as (
    select
        region_scheme,
        region_code,
        subject_code as rule_set_code,
        decision_date as adopted_date
    from decisions
    where subject_kind = 'rule_set' and decision = 'adopt'
),

designated_occupations as (
    select
        region_scheme,
        region_code,
        soc_vintage,
        soc_code
    from designations
    group by region_scheme, region_code, soc_vintage, soc_code
),

occupation_priorities as (
    select
        designations.region_scheme,
        designations.region_code,
        designations.region_name,
        'occupation' as subject_kind,
        designations.soc_code as subject_code,
        designations.soc_vintage as subject_vintage,
        designations.soc_title as subject_title,
        designations.rule_set_code,
        designations.rule_set_name,
        designations.rule_set_standing,
        designations.rule_version,
        designations.rule_valid_from,
        designations.prior_rule_version,
        designations.wage_vintage_year,
        designations.projection_base_year,
        designations.requirement_matrix_year,
        designations.figures_area_type,
        designations.figures_area_code,
        'reported' as figures_status,
        designations.high_wage_result,
        designations.high_skill_result,
        designations.in_demand_result,
        designations.priority_by_figures,
        designations.openings_count,
        designations.openings_count_status,
        designations.openings_rank,
        cast(null as integer) as figures_year,
        cast(null as bigint) as average_employment_count,
        'not_applicable' as average_employment_count_status,
        cast(null as numeric(12, 1)) as employment_growth_1_year_pct,
        'not_applicable' as employment_growth_1_year_pct_status,
        cast(null as numeric(12, 1)) as employment_growth_5_year_pct,
        'not_applicable' as employment_growth_5_year_pct_status,
        cast(null as numeric(9, 6)) as industry_employment_share,
        'not_applicable' as industry_employment_share_status,
        cast(null as numeric(12, 2)) as industry_location_quotient,
        'not_applicable' as industry_location_quotient_status,
        decisions.decision,
        decisions.decision_date,
        decisions.employers_consulted_count,
        decisions.evidence,
        adopted_rule_sets.adopted_date
    from designations
    left join decisions
        on
            designations.region_scheme = decisions.region_scheme
            and designations.region_code = decisions.region_code
            and decisions.subject_kind = 'occupation'
            and designations.soc_code = decisions.subject_code
            and designations.soc_vintage = decisions.subject_vintage
    left join adopted_rule_sets
        on
            designations.region_scheme = adopted_rule_sets.region_scheme
            and designations.region_code = adopted_rule_sets.region_code
            and designations.rule_set_code = adopted_rule_sets.rule_set_code
),

undesignated as (
    select
        decisions.*,
        case
            when decisions.subject_kind in ('occupation', 'industry') then 'not_collected'
            else 'not_applicable'
        end as no_figures_status,
        case when decisions.subject_kind = 'occupation' then 'unknown' else 'not_defined' end
            as designation_result
    from decisions
    left join designated_occupations
        on
            decisions.subject_kind = 'occupation'
            and decisions.region_scheme = designated_occupations.region_scheme
            and decisions.region_code = designated_occupations.region_code
            and decisions.subject_code = designated_occupations.soc_code
            and decisions.subject_vintage = designated_occupations.soc_vintage
    where designated_occupations.soc_code is null
),

-- What a council decided is shown whether or not there is a figure to set beside it.
other_priorities as (
    select
        undesignated.region_scheme,
        undesignated.region_code,
        undesignated.region_name,
        undesignated.subject_kind,
        undesignated.subject_code,
        undesignated.subject_vintage,
        undesignated.subject_title,
        case
            when undesignated.subject_kind = 'rule_set'
                then undesignated.subject_code
            else 'NONE'
        end as rule_set_code,
        case
            when undesignated.subject_kind = 'rule_set'
                then undesignated.subject_title
        end as rule_set_name,
        cast(null as text) as rule_set_standing,
        cast(null as text) as rule_version,
        cast(null as date) as rule_valid_from,
        cast(null as text) as prior_rule_version,
        cast(null as integer) as wage_vintage_year,
        cast(null as integer) as projection_base_year,
        cast(null as integer) as requirement_matrix_year,
        industries.figures_area_type,
        industries.figures_area_code,
        case
            when industries.figures_area_code is not null then 'reported'
            else undesignated.no_figures_status
        end as figures_status,
        undesignated.designation_result as high_wage_result,
        undesignated.designation_result as high_skill_result,
        undesignated.designation_result as in_demand_result,
        undesignated.designation_result as priority_by_figures,
        cast(null as bigint) as openings_count,
        case
            when undesignated.subject_kind = 'occupation' then 'not_collected'
            else 'not_applicable'
        end as openings_count_status,
        cast(null as integer) as openings_rank,
        industries.figures_year,
        industries.average_employment_count,
        coalesce(industries.average_employment_count_status, undesignated.no_figures_status)
            as average_employment_count_status,
        industries.employment_growth_1_year_pct,
        coalesce(industries.employment_growth_1_year_pct_status, undesignated.no_figures_status)
            as employment_growth_1_year_pct_status,
        industries.employment_growth_5_year_pct,
        coalesce(industries.employment_growth_5_year_pct_status, undesignated.no_figures_status)
            as employment_growth_5_year_pct_status,
        industries.industry_employment_share,
        coalesce(industries.industry_employment_share_status, undesignated.no_figures_status)
            as industry_employment_share_status,
        industries.industry_location_quotient,
        coalesce(industries.industry_location_quotient_status, undesignated.no_figures_status)
            as industry_location_quotient_status,
        undesignated.decision,
        undesignated.decision_date,
        undesignated.employers_consulted_count,
        undesignated.evidence,
        case
            when
                undesignated.subject_kind = 'rule_set'
                and undesignated.decision = 'adopt'
                then undesignated.decision_date
        end as adopted_date
    from undesignated
    left join industries
        on
            undesignated.subject_kind = 'industry'
            and undesignated.region_scheme = industries.region_scheme
            and undesignated.region_code = industries.region_code
            and undesignated.subject_code = industries.subject_code
),

priorities as (
    select * from occupation_priorities
    union all
    select * from other_priorities
),

region_priorities as (
    select
        priorities.region_scheme,
        priorities.region_code,
        priorities.region_name,
        priorities.subject_kind,
        priorities.subject_code,
        priorities.subject_vintage,
        priorities.subject_title,
        priorities.rule_set_code,
        priorities.rule_set_name,
        priorities.rule_set_standing,
        priorities.rule_version,
        priorities.rule_valid_from,
        priorities.wage_vintage_year,
        priorities.projection_base_year,
        priorities.requirement_matrix_year,
        priorities.figures_area_type,
        priorities.figures_area_code,
        priorities.figures_status,
        priorities.high_wage_result,
        priorities.high_skill_result,
        priorities.in_demand_result,
        priorities.priority_by_figures,
        priorities.openings_count,
        priorities.openings_count_status,
        priorities.openings_rank,
        priorities.figures_year,
        priorities.average_employment_count,
        priorities.average_employment_count_status,
        priorities.employment_growth_1_year_pct,
        priorities.employment_growth_1_year_pct_status,
        priorities.employment_growth_5_year_pct,
        priorities.employment_growth_5_year_pct_status,
        priorities.industry_employment_share,
        priorities.industry_employment_share_status,
        priorities.industry_location_quotient,
        priorities.industry_location_quotient_status,
        priorities.decision_date,
        priorities.employers_consulted_count,
        priorities.evidence,
        priorities.adopted_date,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        false as is_provisional,
        false as is_additive,
        'all jobs of the area, of all industries and owners' as denominator_definition,
        coalesce(priorities.decision, 'no_decision') as council_decision,
        priorities.adopted_date is not null as is_adopted_rule_set,
        case
            when priorities.decision is null then 'no_decision'
            when priorities.priority_by_figures not in ('yes', 'no') then 'unknown'
            when
                (priorities.decision in ('priority', 'grow'))
                = (priorities.priority_by_figures = 'yes')
                then 'agree'
            else 'differ'
        end as agreement,
        case
            when priorities.rule_valid_from > snapshot.as_of_date - 365
                then
                    priorities.rule_version || ' in place of '
                    || priorities.prior_rule_version
        end as break_reason
    from priorities
    cross join snapshot
),

compared_priorities as (
    select
        *,
        break_reason is null as is_comparable_to_prior
    from region_priorities
)

select * from compared_priorities
